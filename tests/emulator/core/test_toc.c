/* SPDX-License-Identifier: MIT */
/* READ TOC/PMA/ATIP, each format in each state. */
#include "burn.h"

#define TOC(format, first) "43 00 " format " 00 00 00 " first " 04 00 00"
#define TOC_MSF(format, first) "43 02 " format " 00 00 00 " first " 04 00 00"

static struct harness *one_audio_session(unsigned multi)
{
    struct harness *h = harness_ready("80min");

    burn_audio(h, 300); /* 0 */
    burn_audio(h, 400); /* 452; lead-out 854 */
    close_session(h, multi);
    return h;
}

static void a_blank_disc_has_only_an_atip(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, TOC("00", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("01", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("02", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("03", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("05", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_good(run(h, ONE, TOC("04", "00")));
    harness_free(h);
}

static void the_atip_tells_the_capacity(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* power 5; CD-R, type A high beta; lead-in 97:26:66; lead-out 79:59:74 */
    assert_hex(run(h, ONE, TOC("04", "00")), "00 1A 00 00 D0 00 98 00 61 1A 42 00 4F 3B 4A 00"
                                             "00 00 00 00 00 00 00 00 00 00 00 00");
    assert_hex_at(run(h, ONE, TOC_MSF("04", "00")), 0, "00 1A 00 00 D0 00 98 00 61 1A 42 00 4F");
    assert_hex(run(h, ONE, "43 00 04 00 00 00 00 00 04 00"), "00 1A 00 00");
    harness_free(h);
    h = harness_ready("74min");
    assert_hex_at(run(h, ONE, TOC("04", "00")), 12, "4A 2B 00"); /* 74:43:00 */
    harness_free(h);
    h = harness_ready("90min");
    assert_hex_at(run(h, ONE, TOC("04", "00")), 12, "59 3B 4A"); /* 89:59:74 */
    harness_free(h);
}

static void an_open_session_is_not_in_the_toc(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    assert_sense(run(h, ONE, TOC("00", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("01", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("02", "00")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("05", "00")), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void the_toc_has_all_tracks_and_the_lead_out(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    /* 26 bytes, tracks 1 to 2; 0, 452 = 1C4h, lead-out 854 = 356h */
    assert_hex(run(h, ONE, TOC("00", "00")), "00 1A 01 02"
                                             "00 10 01 00 00 00 00 00"
                                             "00 10 02 00 00 00 01 C4"
                                             "00 10 AA 00 00 00 03 56");
    /* 00:02:00, 00:08:02, 00:13:29 */
    assert_hex(run(h, ONE, TOC_MSF("00", "01")), "00 1A 01 02"
                                                 "00 10 01 00 00 00 02 00"
                                                 "00 10 02 00 00 00 08 02"
                                                 "00 10 AA 00 00 00 0D 1D");
    harness_free(h);
}

static void the_toc_starts_where_it_is_asked_to(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    assert_hex(run(h, ONE, TOC("00", "02")), "00 12 01 02"
                                             "00 10 02 00 00 00 01 C4"
                                             "00 10 AA 00 00 00 03 56");
    assert_hex(run(h, ONE, TOC("00", "AA")), "00 0A 01 02 00 10 AA 00 00 00 03 56");
    assert_sense(run(h, ONE, TOC("00", "03")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, TOC("00", "FF")), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void a_short_allocation_keeps_the_toc_length(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    assert_hex(run(h, ONE, "43 00 00 00 00 00 00 00 04 00"), "00 1A 01 02");
    assert_int_equal(run(h, ONE, "43 00 00 00 00 00 00 00 00 00")->len, 0);
    assert_good(&h->reply);
    harness_free(h);
}

static void data_tracks_have_control_4(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 0);
    assert_hex(run(h, ONE, TOC("00", "00")), "00 12 01 01"
                                             "00 14 01 00 00 00 00 00"
                                             "00 14 AA 00 00 00 01 2E");
    harness_free(h);
}

static void session_info_names_the_first_track_of_the_last_complete_session(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    assert_hex(run(h, ONE, TOC("01", "00")), "00 0A 01 01 00 10 01 00 00 00 00 00");
    burn_data(h, 300); /* 854 + 11400 = 12254 = 2FDEh; open: not yet */
    assert_hex(run(h, ONE, TOC("01", "00")), "00 0A 01 01 00 10 01 00 00 00 00 00");
    close_session(h, 3);
    assert_hex(run(h, ONE, TOC("01", "00")), "00 0A 01 02 00 14 03 00 00 00 2F DE");
    /* 12254 = 02:45:29 */
    assert_hex(run(h, ONE, TOC_MSF("01", "00")), "00 0A 01 02 00 14 03 00 00 02 2D 1D");
    harness_free(h);
}

static void the_old_place_of_the_format_counts_when_the_new_one_is_zero(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    /* as Linux sr asks: control byte 40h, 12 bytes */
    assert_hex(run(h, ONE, "43 00 00 00 00 00 00 00 0C 40"), "00 0A 01 01 00 10 01 00 00 00 00 00");
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 00 04 00 80"), 0, "00 4F 01 01 01 10 00 A0");
    assert_hex_at(run(h, ONE, "43 00 04 00 00 00 00 04 00 40"), 0, "00 1A 00 00"); /* new wins */
    harness_free(h);
}

#define SESSION_1                                                                                  \
    "01 10 00 A0 00 00 00 00 01 00 00" /* first track 1, CD-DA */                                  \
    "01 10 00 A1 00 00 00 00 02 00 00" /* last track 2 */                                          \
    "01 10 00 A2 00 00 00 00 00 0D 1D" /* lead-out 00:13:29 */                                     \
    "01 10 00 01 00 00 00 00 00 02 00"                                                             \
    "01 10 00 02 00 00 00 00 00 08 02"
/* next program area 854 + 11250 = 12104 = 02:43:29; 2 points; last lead-out 79:59:74; then the
 * first lead-in 97:26:66 */
#define NEXT_OF_1                                                                                  \
    "01 50 00 B0 02 2B 1D 02 4F 3B 4A"                                                             \
    "01 50 00 C0 D0 00 98 00 61 1A 42"

static void the_full_toc_of_an_appendable_disc_has_b0_and_c0(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    assert_hex(run(h, ONE, TOC("02", "01")), "00 4F 01 01" SESSION_1 NEXT_OF_1);
    assert_hex(run(h, ONE, TOC_MSF("02", "00")), "00 4F 01 01" SESSION_1 NEXT_OF_1);
    harness_free(h);
}

static void the_full_toc_of_a_disc_finalised_at_once_has_neither(void **state)
{
    struct harness *h = one_audio_session(0);

    (void)state;
    assert_hex(run(h, ONE, TOC("02", "01")), "00 39 01 01" SESSION_1);
    harness_free(h);
}

static void multi_session_01_ends_in_a_b0_of_all_ones(void **state)
{
    struct harness *h = one_audio_session(1);

    (void)state;
    assert_hex(run(h, ONE, TOC("02", "01")),
               "00 4F 01 01" SESSION_1 "01 50 00 B0 FF FF FF 02 4F 3B 4A"
               "01 50 00 C0 D0 00 98 00 61 1A 42");
    assert_hex_at(run(h, ONE, "51 00 00 00 00 00 00 00 22 00"), 2, "0E");
    harness_free(h);
}

/* Track 3 at 12254 = 02:45:29, lead-out 12556 = 02:49:31; next 12556 + 6750 = 19306 = 04:19:31 */
#define SESSION_2                                                                                  \
    "02 14 00 A0 00 00 00 00 03 20 00"                                                             \
    "02 14 00 A1 00 00 00 00 03 00 00"                                                             \
    "02 14 00 A2 00 00 00 00 02 31 1F"                                                             \
    "02 14 00 03 00 00 00 00 02 2D 1D"                                                             \
    "02 54 00 B0 04 13 1F 01 4F 3B 4A"

static void the_full_toc_lists_session_after_session(void **state)
{
    struct harness *h = one_audio_session(3);

    (void)state;
    assert_good(select_page_05(h, 3, 4, 10, 0x20)); /* XA */
    write_good(h, next_address(h), 300, 2048);
    assert_good(run(h, ONE, "5B 00 02 00 00 00 00 00 00 00"));
    assert_hex(run(h, ONE, TOC("02", "01")), "00 86 01 02" SESSION_1 NEXT_OF_1 SESSION_2);
    assert_hex(run(h, ONE, TOC("02", "02")), "00 39 01 02" SESSION_2);
    assert_sense(run(h, ONE, TOC("02", "03")), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void the_pma_lists_what_the_toc_does_not_yet(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00")); /* 1000 blocks at 452 */
    /* 00:02:00 to 302 = 00:06:02; 00:08:02 to 1452 = 00:21:27 */
    assert_hex(run(h, ONE, TOC("03", "00")), "00 18 00 00"
                                             "00 10 00 01 00 06 02 00 00 02 00"
                                             "00 10 00 02 00 15 1B 00 00 08 02");
    harness_free(h);
}

static void a_track_being_written_is_not_in_the_pma(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    write_good(h, 0, 1, 2352);
    assert_hex(run(h, ONE, TOC("03", "00")), "00 02 00 00");
    harness_free(h);
}

static void there_is_no_cd_text(void **state)
{
    struct harness *h = one_audio_session(0);

    (void)state;
    assert_hex(run(h, ONE, TOC("05", "00")), "00 02 00 00");
    harness_free(h);
}

static void formats_beyond_5_are_refused(void **state)
{
    struct harness *h = one_audio_session(0);

    (void)state;
    for (unsigned format = 6; format <= 15; format++)
        assert_sense(run(h, ONE, cdbf("43 00 %02X 00 00 00 00 04 00 00", format)),
                     SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void without_a_medium_there_is_no_toc(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, ONE, TOC("04", "00")), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blank_disc_has_only_an_atip),
        cmocka_unit_test(the_atip_tells_the_capacity),
        cmocka_unit_test(an_open_session_is_not_in_the_toc),
        cmocka_unit_test(the_toc_has_all_tracks_and_the_lead_out),
        cmocka_unit_test(the_toc_starts_where_it_is_asked_to),
        cmocka_unit_test(a_short_allocation_keeps_the_toc_length),
        cmocka_unit_test(data_tracks_have_control_4),
        cmocka_unit_test(session_info_names_the_first_track_of_the_last_complete_session),
        cmocka_unit_test(the_old_place_of_the_format_counts_when_the_new_one_is_zero),
        cmocka_unit_test(the_full_toc_of_an_appendable_disc_has_b0_and_c0),
        cmocka_unit_test(the_full_toc_of_a_disc_finalised_at_once_has_neither),
        cmocka_unit_test(multi_session_01_ends_in_a_b0_of_all_ones),
        cmocka_unit_test(the_full_toc_lists_session_after_session),
        cmocka_unit_test(the_pma_lists_what_the_toc_does_not_yet),
        cmocka_unit_test(a_track_being_written_is_not_in_the_pma),
        cmocka_unit_test(there_is_no_cd_text),
        cmocka_unit_test(formats_beyond_5_are_refused),
        cmocka_unit_test(without_a_medium_there_is_no_toc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

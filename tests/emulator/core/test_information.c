/* SPDX-License-Identifier: MIT */
/* READ DISC INFORMATION and READ TRACK INFORMATION in every state of a disc. */
#include "burn.h"

#define RDI "51 00 00 00 00 00 00 00 22 00"
#define RTI(number) "52 01 00 00 00 " number " 00 00 24 00"
#define NO_BARCODE "00 00 00 00 00 00 00 00 00 00"

/* ---- READ DISC INFORMATION ---- */

static void a_blank_disc_has_one_empty_session(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* empty; 1 session, tracks 1 to 1; type undefined; lead-in 97:26:66, lead-out 79:59:74 */
    assert_hex(run(h, ONE, RDI), "00 20 00 01 01 01 01 00 FF 00 00 00 00 00 00 00"
                                 "00 61 1A 42 00 4F 3B 4A" NO_BARCODE);
    harness_free(h);
}

static void discs_of_74_and_90_minutes_say_so(void **state)
{
    struct harness *h = harness_ready("74min");

    (void)state;
    assert_hex_at(run(h, ONE, RDI), 16, "00 61 1A 42 00 4A 2B 00"); /* 74:43:00 */
    harness_free(h);
    h = harness_ready("90min");
    assert_hex_at(run(h, ONE, RDI), 16, "00 61 1A 42 00 59 3B 4A"); /* 89:59:74 */
    harness_free(h);
}

static void a_track_being_written_is_the_last_track(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 3, 0, 0, 0));
    write_good(h, 0, 10, 2352);
    /* appendable, session incomplete; 1 session, tracks 1 to 1; CD-DA */
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 05 01 01 01 01 00 00 00 00 00");
    harness_free(h);
}

static void between_tracks_the_invisible_one_counts(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    burn_audio(h, 300);
    assert_hex(run(h, ONE, RDI), "00 20 05 01 01 01 03 00 00 00 00 00 00 00 00 00"
                                 "00 61 1A 42 00 4F 3B 4A" NO_BARCODE);
    harness_free(h);
}

static void after_a_session_the_next_empty_one_counts(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 3);
    /* appendable, session empty; 2 sessions, tracks 2 to 2; CD-ROM. The lead-out is at 302, so the
     * next lead-in is at 302 + 6750 = 7052 = 01:36:02 */
    assert_hex(run(h, ONE, RDI), "00 20 01 01 02 02 02 00 00 00 00 00 00 00 00 00"
                                 "00 01 24 02 00 4F 3B 4A" NO_BARCODE);
    harness_free(h);
}

static void a_second_session_that_is_open_counts_its_tracks(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 3);
    burn_data(h, 300);
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 05 01 02 02 03 00 00 00 00 00");
    assert_hex_at(&h->reply, 16, "00 01 24 02 00 4F 3B 4A");
    harness_free(h);
}

static void a_third_session_begins_2250_blocks_after_a_lead_out(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 3);
    assert_int_equal(burn_data(h, 300), 11702);
    close_session(h, 3);
    /* lead-out at 12004, next lead-in at 14254 = 03:12:04 */
    assert_hex_at(run(h, ONE, RDI), 0,
                  "00 20 01 01 03 03 03 00 00 00 00 00 00 00 00 00"
                  "00 03 0C 04 00 4F 3B 4A");
    assert_int_equal(next_address(h), 12004 + 6900);
    harness_free(h);
}

static void a_finalised_disc_has_no_addresses_left(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 3);
    burn_data(h, 300);
    close_session(h, 0);
    assert_hex(run(h, ONE, RDI), "00 20 0E 01 02 02 02 00 00 00 00 00 00 00 00 00"
                                 "FF FF FF FF FF FF FF FF" NO_BARCODE);
    harness_free(h);
}

static void the_disc_type_is_the_first_sessions_format(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 10, 0x20));
    write_good(h, 0, 1, 2048);
    assert_hex_at(run(h, ONE, RDI), 8, "20");
    harness_free(h);
}

static void disc_information_of_other_media_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned type = 1; type <= 7; type++)
        assert_sense(run(h, ONE, cdbf("51 %02X 00 00 00 00 00 00 22 00", type)),
                     SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void short_allocations_keep_the_length_fields(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, "51 00 00 00 00 00 00 00 02 00"), "00 20");
    assert_hex(run(h, ONE, "51 00 00 00 00 00 00 00 04 00"), "00 20 00 01");
    assert_hex(run(h, ONE, "52 01 00 00 00 FF 00 00 08 00"), "00 22 01 01 00 04 4F 01");
    assert_int_equal(run(h, ONE, "51 00 00 00 00 00 00 00 00 00")->len, 0);
    assert_good(&h->reply);
    harness_free(h);
}

static void without_a_medium_there_is_no_information(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, ONE, RDI), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_sense(run(h, ONE, RTI("FF")), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

/* ---- READ TRACK INFORMATION ---- */

static void the_invisible_track_of_a_blank_disc_starts_at_0(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* track 1, session 1, data, blank, mode unknown, NWA_V; 0; 0; 359849 - 2 free; 0; size; 0 */
    assert_hex(run(h, ONE, RTI("FF")), "00 22 01 01 00 04 4F 01 00 00 00 00 00 00 00 00"
                                       "00 05 7D A7 00 00 00 00 00 05 7D A7 00 00 00 00"
                                       "00 00 00 00");
    assert_hex_at(run(h, ONE, RTI("01")), 0, "00 22 01 01 00 04 4F 01"); /* by its number too */
    harness_free(h);
}

static void an_unwritten_track_has_the_mode_of_page_05(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 2, 0, 0));
    assert_hex_at(run(h, ONE, RTI("FF")), 0, "00 22 01 01 00 02 4F 01");
    harness_free(h);
}

static void a_track_being_written_moves_its_next_writable_address(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    write_good(h, 0, 16, 2352);
    /* audio, not blank, mode 1, NWA_V; start 0, NWA 16, free 359847 - 16, size 359847 */
    assert_hex(run(h, ONE, RTI("FF")), "00 22 01 01 00 00 01 01 00 00 00 00 00 00 00 10"
                                       "00 05 7D 97 00 00 00 00 00 05 7D A7 00 00 00 00"
                                       "00 00 00 00");
    assert_sense(run(h, ONE, RTI("02")), SENSE_INVALID_FIELD_IN_CDB); /* none behind it */
    harness_free(h);
}

static void a_complete_track_counts_its_run_out_and_shows_the_last_user_block(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 400);
    /* data mode 1, LRA_V; start 0, no NWA, nothing free, size 402, last recorded 399 */
    assert_hex(run(h, ONE, RTI("01")), "00 22 01 01 00 04 01 02 00 00 00 00 00 00 00 00"
                                       "00 00 00 00 00 00 00 00 00 00 01 92 00 00 01 8F"
                                       "00 00 00 00");
    harness_free(h);
}

static void the_next_track_starts_152_blocks_after_the_last_user_block(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 400);
    /* track 2, blank; start and NWA 552; free 359847 - 552 = 359295 */
    assert_hex(run(h, ONE, RTI("FF")), "00 22 02 01 00 00 4F 01 00 00 02 28 00 00 02 28"
                                       "00 05 7B 7F 00 00 00 00 00 05 7B 7F 00 00 00 00"
                                       "00 00 00 00");
    harness_free(h);
}

static void a_short_track_is_padded_to_300_blocks(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 1);
    assert_hex_at(run(h, ONE, RTI("01")), 24, "00 00 01 2E 00 00 01 2B"); /* 302, up to 299 */
    assert_int_equal(next_address(h), 452);
    harness_free(h);
}

static void after_session_1_the_next_track_starts_11400_blocks_after_the_lead_out(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 3);
    /* track 2, session 2; start and NWA 302 + 11400 = 11702; free 359847 - 11702 = 348145 */
    assert_hex(run(h, ONE, RTI("FF")), "00 22 02 02 00 04 4F 01 00 00 2D B6 00 00 2D B6"
                                       "00 05 4F F1 00 00 00 00 00 05 4F F1 00 00 00 00"
                                       "00 00 00 00");
    harness_free(h);
}

static void a_finalised_disc_has_no_incomplete_track(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 0);
    assert_sense(run(h, ONE, RTI("FF")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, RTI("02")), SENSE_INVALID_FIELD_IN_CDB);
    assert_hex_at(run(h, ONE, RTI("01")), 0, "00 22 01 01 00 04 01 02");
    harness_free(h);
}

static void a_reserved_track_has_its_own_place(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00")); /* 1000 blocks */
    /* reserved, blank; start 0, NWA 0, free 1000, size 1000 */
    assert_hex(run(h, ONE, RTI("01")), "00 22 01 01 00 04 CF 01 00 00 00 00 00 00 00 00"
                                       "00 00 03 E8 00 00 00 00 00 00 03 E8 00 00 00 00"
                                       "00 00 00 00");
    /* the invisible track behind it: 1000 + 152 = 1152 */
    assert_hex_at(run(h, ONE, RTI("FF")), 0, "00 22 02 01 00 04 4F 01 00 00 04 80 00 00 04 80");
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 05 01 01 01 02");
    harness_free(h);
}

static void a_reserved_track_being_written_keeps_its_size(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"));
    assert_good(select_page_05(h, 0, 0, 0, 0));
    write_good(h, 0, 16, 2352);
    assert_hex(run(h, ONE, RTI("01")), "00 22 01 01 00 00 81 01 00 00 00 00 00 00 00 10"
                                       "00 00 03 D8 00 00 00 00 00 00 03 E8 00 00 00 00"
                                       "00 00 00 00");
    assert_hex_at(run(h, ONE, RTI("FF")), 2, "02"); /* the invisible track is another */
    harness_free(h);
}

static void tracks_are_found_by_address(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    burn_audio(h, 300);
    assert_hex_at(run(h, ONE, "52 00 FF FF FF 6A 00 00 24 00"), 2, "01"); /* -150: its pre-gap */
    assert_hex_at(run(h, ONE, "52 00 00 00 00 00 00 00 24 00"), 2, "01");
    assert_hex_at(run(h, ONE, "52 00 00 00 01 2D 00 00 24 00"), 2, "01"); /* 301: its run-out */
    assert_hex_at(run(h, ONE, "52 00 00 00 01 2E 00 00 24 00"), 2, "02"); /* 302: next pre-gap */
    assert_hex_at(run(h, ONE, "52 00 00 00 02 F1 00 00 24 00"), 2, "02"); /* 753: run-out */
    assert_hex_at(run(h, ONE, "52 00 00 00 02 F2 00 00 24 00"), 2, "03"); /* the invisible one */
    harness_free(h);
}

static void addresses_off_the_disc_are_out_of_range(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "52 00 FF FF FF 69 00 00 24 00"), SENSE_LBA_OUT_OF_RANGE); /* -151 */
    assert_sense(run(h, ONE, "52 00 00 05 7D A9 00 00 24 00"), SENSE_LBA_OUT_OF_RANGE); /* 359849 */
    assert_sense(run(h, ONE, "52 00 7F FF FF FF 00 00 24 00"), SENSE_LBA_OUT_OF_RANGE);
    burn_audio(h, 300);
    close_session(h, 0);
    assert_hex_at(run(h, ONE, "52 00 00 00 01 2D 00 00 24 00"), 2, "01");
    assert_sense(run(h, ONE, "52 00 00 00 01 2E 00 00 24 00"),
                 SENSE_LBA_OUT_OF_RANGE); /* lead-out */
    harness_free(h);
}

static void tracks_are_found_by_session(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    burn_audio(h, 300);
    close_session(h, 3);
    assert_hex_at(run(h, ONE, "52 02 00 00 00 01 00 00 24 00"), 2, "01 01");
    assert_hex_at(run(h, ONE, "52 02 00 00 00 02 00 00 24 00"), 2, "03 02"); /* the empty one */
    assert_sense(run(h, ONE, "52 02 00 00 00 00 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "52 02 00 00 00 03 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void wrong_numbers_and_types_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, RTI("00")), SENSE_INVALID_FIELD_IN_CDB); /* the lead-in */
    assert_sense(run(h, ONE, RTI("02")), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "52 01 00 00 01 01 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "52 01 FF FF FF FF 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "52 03 00 00 00 01 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "52 05 00 00 00 01 00 00 24 00"),
                 SENSE_INVALID_FIELD_IN_CDB); /* Open */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blank_disc_has_one_empty_session),
        cmocka_unit_test(discs_of_74_and_90_minutes_say_so),
        cmocka_unit_test(a_track_being_written_is_the_last_track),
        cmocka_unit_test(between_tracks_the_invisible_one_counts),
        cmocka_unit_test(after_a_session_the_next_empty_one_counts),
        cmocka_unit_test(a_second_session_that_is_open_counts_its_tracks),
        cmocka_unit_test(a_third_session_begins_2250_blocks_after_a_lead_out),
        cmocka_unit_test(a_finalised_disc_has_no_addresses_left),
        cmocka_unit_test(the_disc_type_is_the_first_sessions_format),
        cmocka_unit_test(disc_information_of_other_media_is_refused),
        cmocka_unit_test(short_allocations_keep_the_length_fields),
        cmocka_unit_test(without_a_medium_there_is_no_information),
        cmocka_unit_test(the_invisible_track_of_a_blank_disc_starts_at_0),
        cmocka_unit_test(an_unwritten_track_has_the_mode_of_page_05),
        cmocka_unit_test(a_track_being_written_moves_its_next_writable_address),
        cmocka_unit_test(a_complete_track_counts_its_run_out_and_shows_the_last_user_block),
        cmocka_unit_test(the_next_track_starts_152_blocks_after_the_last_user_block),
        cmocka_unit_test(a_short_track_is_padded_to_300_blocks),
        cmocka_unit_test(after_session_1_the_next_track_starts_11400_blocks_after_the_lead_out),
        cmocka_unit_test(a_finalised_disc_has_no_incomplete_track),
        cmocka_unit_test(a_reserved_track_has_its_own_place),
        cmocka_unit_test(a_reserved_track_being_written_keeps_its_size),
        cmocka_unit_test(tracks_are_found_by_address),
        cmocka_unit_test(addresses_off_the_disc_are_out_of_range),
        cmocka_unit_test(tracks_are_found_by_session),
        cmocka_unit_test(wrong_numbers_and_types_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

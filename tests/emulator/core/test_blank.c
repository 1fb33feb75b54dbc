/* SPDX-License-Identifier: MIT */
/* CD-RW: what the drive says of one, and BLANK in all its types. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RESERVE_300 "53 00 00 00 00 00 00 01 2C 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define BLANK_ALL "A1 00 00 00 00 00 00 00 00 00 00 00"
#define BLANK_FAST "A1 11 00 00 00 00 00 00 00 00 00 00" /* Immed, as libburn sends it */
#define UNCLOSE "A1 05 00 00 00 00 00 00 00 00 00 00"
#define ERASE_SESSION "A1 06 00 00 00 00 00 00 00 00 00 00"
#define GESN_OPERATIONAL "4A 01 00 00 02 00 00 00 08 00"

static struct vcdr_disc *new_cd_rw(void)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    struct vcdr_disc *disc;

    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_RW, &geometry), VCDR_OK);
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    return disc;
}

static struct harness *rw_ready(void)
{
    struct harness *h = harness_with(new_cd_rw(), false);

    for (uint64_t id = ONE; id <= THREE; id++)
        clear_attention(h, id);
    return h;
}

/* Erasable, blank: one session, one invisible track, nothing to read. */
static void assert_blank(struct harness *h)
{
    assert_hex_at(run(h, ONE, RDI), 2, "10 01 01 01 01");
    assert_int_equal(next_address(h), 0);
    assert_sense(run(h, ONE, "28 00 00 00 00 00 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "43 00 00 00 00 00 00 00 0C 00"), SENSE_INVALID_FIELD_IN_CDB);
}

/* ---- what the drive says of a CD-RW ---- */

static void a_blank_cd_rw_can_be_written(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    /* profile 000Ah is the current one, and the only one that is current in the list */
    assert_hex_at(run(h, ONE, "46 01 00 00 00 00 00 04 00 00"), 6,
                  "00 0A 00 00 03 0C 00 0A 01 00 00 09 00 00 00 08 00 00");
    /* track-at-once and mastering are current and say CD-RW (bit 1) */
    assert_hex_at(run(h, ONE, "46 02 00 2D 00 00 00 00 10 00"), 8, "00 2D 09 04 46");
    assert_hex_at(run(h, ONE, "46 02 00 2E 00 00 00 00 10 00"), 8, "00 2E 01 04 7F");
    /* CD-RW media write support: sub-type 0 */
    assert_hex_at(run(h, ONE, "46 02 00 37 00 00 00 00 10 00"), 8, "00 37 05 04 00 01 00 00");
    assert_hex_at(run(h, ONE, RDI), 2, "10 01 01 01 01");
    /* power 6, reference speed 2x; erasable, A1: at most 4x */
    assert_hex_at(run(h, ONE, "43 00 04 00 00 00 00 04 00 00"), 4,
                  "E1 00 C4 00 61 1A 42 00 4F 3B 4A 00 02 3A B0");
    harness_free(h);
}

/* wodim refuses a speed that the ATIP does not have: the drive offers none. */
static void a_cd_rw_is_written_no_faster_than_its_atip_says(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    /* page 2Ah: the fastest write speed, the selected one twice, three descriptors: 4x 2x 1x */
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 18, "02 C2 02 C2");
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 28,
                  "02 C2 00 03 00 00 02 C2 00 00 01 61 00 00 00 B0");
    assert_good(run(h, ONE, "BB 00 FF FF FF FF 00 00 00 00 00 00"));
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 28, "02 C2");
    assert_good(run(h, ONE, "BB 00 FF FF 01 62 00 00 00 00 00 00")); /* 2 x 177 */
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 28, "01 61");
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 14, "21 13"); /* reads at 48x */
    /* GET PERFORMANCE, write speed: three descriptors */
    assert_hex_at(run(h, ONE, "AC 00 00 00 00 00 00 00 00 10 03 00"), 0, "00 00 00 34");
    harness_free(h);
}

static void a_reload_selects_the_fastest_speeds(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    assert_good(run(h, ONE, "BB 00 00 B1 00 B1 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    /* without a disc the speeds are those of CD-R */
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 30, "00 08 00 00 21 13");
    assert_good(run(h, ONE, "1B 00 00 00 03 00"));
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 28, "02 C2");
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8 + 14, "21 13");
    harness_free(h);
}

/* ---- the whole disc ---- */

static void a_blanked_disc_is_written_again_and_again(void **state)
{
    static const char *const cdbs[] = {BLANK_ALL, BLANK_FAST};
    struct harness *h = rw_ready();
    uint8_t expected[2048];

    (void)state;
    pattern(expected, 309, sizeof(expected));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(burn_data(h, 310), 0);
        close_session(h, i < 2 ? 0 : 3); /* finalised or appendable */
        assert_good(run(h, ONE, "28 00 00 00 01 35 00 00 01 00"));
        assert_memory_equal(h->reply.data, expected, sizeof(expected));
        assert_good(run(h, ONE, cdbs[i % 2]));
        assert_blank(h);
    }
    assert_int_equal(burn_audio(h, 310), 0); /* of another kind as well */
    harness_free(h);
}

/* A burner that was killed leaves a track open; the next one blanks the disc. */
static void a_disc_that_is_being_written_is_blanked(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 20, 2048);
    clear_attention(h, TWO);
    assert_good(run(h, TWO, BLANK_FAST));
    assert_blank(h);
    assert_string_equal(member(last_event(h, "write-state"), "from"), "blanking");
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    burn_data(h, 310);
    harness_free(h);
}

static void a_cd_r_is_not_blanked(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 310);
    for (unsigned type = 0; type < 7; type++)
        assert_sense(run(h, ONE, cdbf("A1 %02X 00 00 00 01 00 00 00 00 00 00", type)),
                     SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_good(run(h, ONE, "28 00 00 00 01 35 00 00 01 00"));
    assert_int_equal(count_events(h, "medium-blanked"), 0);
    harness_free(h);
}

static void blanking_type_7_does_not_exist(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    assert_sense(run(h, ONE, "A1 07 00 00 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void blanking_needs_a_medium(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, ONE, BLANK_ALL), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

static void a_rehearsed_blanking_leaves_the_disc_written(void **state)
{
    struct harness *h = rw_ready();
    uint8_t list[8 + 52] = {[8] = 0x05, [9] = 0x32, [10] = 0x51, [11] = 4, [12] = 8, [58] = 8};

    (void)state;
    burn_data(h, 310);
    close_session(h, 0);
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0));
    assert_good(run(h, ONE, BLANK_FAST));
    assert_hex_at(run(h, ONE, RDI), 2, "10");
    assert_true(json_is_true(json_object_get(last_event(h, "medium-blanked"), "test")));
    list[10] = 0x41;
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0));
    assert_hex_at(run(h, ONE, RDI), 2, "1E");
    assert_good(run(h, ONE, "28 00 00 00 01 35 00 00 01 00"));
    harness_free(h);
}

/* ---- its parts ---- */

static void a_blanked_track_is_a_reservation(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    burn_data(h, 310);
    burn_data(h, 320);
    assert_good(run(h, ONE, "A1 02 00 00 00 01 00 00 00 00 00 00"));
    /* track 1: reserved, blank; NWA 0, 310 blocks free and in all */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 01 00 00 24 00"), 6,
                  "CF 01 00 00 00 00 00 00 00 00 00 00 01 36 00 00 00 00 00 00 01 36");
    write_good(h, 0, 310, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_sense(run(h, ONE, "A1 02 00 00 00 01 00 00 00 00 00 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(run(h, ONE, "A1 02 00 00 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "A1 02 00 00 00 64 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void the_last_reservation_is_taken_back(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    assert_good(run(h, ONE, RESERVE_300));
    assert_good(run(h, ONE, RESERVE_300));
    assert_sense(run(h, ONE, "A1 03 00 00 00 01 00 00 00 00 00 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_good(run(h, ONE, "A1 03 00 00 00 02 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "A1 03 00 00 00 01 00 00 00 00 00 00"));
    assert_blank(h);
    harness_free(h);
}

static void a_track_goes_on_where_its_tail_was_blanked(void **state)
{
    struct harness *h = rw_ready();
    uint8_t expected[2048];

    (void)state;
    burn_data(h, 400);
    assert_good(run(h, ONE, "A1 04 00 00 01 40 00 00 00 00 00 00")); /* from 320 on */
    assert_int_equal(next_address(h), 320);
    write_good(h, 320, 10, 2048);
    assert_good(run(h, ONE, SYNC));
    pattern(expected, 319, sizeof(expected));
    assert_good(run(h, ONE, "28 00 00 00 01 3F 00 00 01 00"));
    assert_memory_equal(h->reply.data, expected, sizeof(expected));
    assert_hex_at(run(h, ONE, "52 01 00 00 00 01 00 00 24 00"), 24, "00 00 01 4C"); /* 330 + 2 */
    assert_sense(run(h, ONE, "A1 04 00 00 03 E8 00 00 00 00 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void an_unclosed_session_is_appended_to(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    assert_sense(run(h, ONE, UNCLOSE), SENSE_PROGRAM_AREA_IS_EMPTY);
    burn_data(h, 310);
    close_session(h, 0);
    assert_good(run(h, ONE, UNCLOSE));
    assert_hex_at(run(h, ONE, RDI), 2, "15 01 01 01 02"); /* open, incomplete */
    assert_int_equal(next_address(h), 310 + 152);
    burn_data(h, 320);
    close_session(h, 3);
    burn_data(h, 330);
    assert_sense(run(h, ONE, UNCLOSE), SENSE_PROGRAM_AREA_IS_NOT_EMPTY);
    harness_free(h);
}

static void sessions_are_erased_from_the_last_on(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    burn_data(h, 310);
    close_session(h, 3);
    burn_data(h, 320);
    close_session(h, 0);
    assert_good(run(h, ONE, ERASE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "11 01 02 02 02"); /* the second session is empty */
    assert_int_equal(next_address(h), 312 + 11400);
    assert_good(run(h, ONE, ERASE_SESSION));
    assert_blank(h);
    assert_sense(run(h, ONE, ERASE_SESSION), SENSE_PROGRAM_AREA_IS_EMPTY);
    harness_free(h);
}

/* ---- its time ---- */

/* That many blocks of 2352 bytes at 706 kB/s, and a second for the PMA. */
static uint64_t blanking_us(uint64_t blocks)
{
    return 1000000 + blocks * 2352 * 1000 / 706;
}

static void blanking_takes_the_time_of_what_is_blanked(void **state)
{
    static const struct {
        const char *cdb;
        uint64_t blocks;
    } blankings[] = {
        {"A1 06 00 00 00 00 00 00 00 00 00 00", 310 + 6750 + 4500},
        {"A1 01 00 00 00 00 00 00 00 00 00 00", 11634},
        {"A1 00 00 00 00 00 00 00 00 00 00 00", 359849 + 11634},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(blankings) / sizeof(blankings[0]); i++) {
        struct harness *h = harness_timed(new_cd_rw());

        burn_data(h, 310);
        pass_time(h, UINT64_C(60000000));
        assert_good(run(h, ONE, blankings[i].cdb));
        assert_int_equal(h->reply.delay_us, blanking_us(blankings[i].blocks));
        harness_free(h);
    }
}

static void a_drive_that_blanks_is_busy_and_tells_it_in_the_end(void **state)
{
    struct harness *h = harness_timed(new_cd_rw());
    uint64_t us = blanking_us(11634);

    (void)state;
    burn_data(h, 310);
    pass_time(h, UINT64_C(60000000));
    assert_good(run(h, ONE, BLANK_FAST)); /* Immed */
    assert_int_equal(h->reply.delay_us, 0);
    assert_sense(run(h, ONE, RDI), SENSE_NOT_READY_OPERATION_IN_PROGRESS);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "blanking");
    assert_int_equal(count_events(h, "medium-blanked"), 0);
    pass_time(h, us / 2);
    /* not ready, operation in progress; SKSV, some half of it done */
    assert_hex_at(run(h, ONE, "03 00 00 00 12 00"), 2, "02");
    assert_hex_at(&h->reply, 12, "04 07 00 80");
    assert_in_range(be16_at(h->reply.data + 16), 0x7F00, 0x8100);
    pass_time(h, us / 2);
    assert_blank(h);
    assert_int_equal(count_events(h, "medium-blanked"), 1);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    harness_free(h);
}

/* ---- who is told ---- */

static void the_record_tells_a_blanking(void **state)
{
    struct harness *h = rw_ready();
    json_t *line;

    (void)state;
    burn_data(h, 310);
    assert_good(lock(h, ONE, "Blanker"));
    assert_good(run(h, ONE, BLANK_FAST));
    line = last_event(h, "medium-blanked");
    assert_string_equal(member(line, "disc"), "memory");
    assert_int_equal(json_integer_value(json_object_get(line, "type")), 1);
    assert_string_equal(member(json_object_get(line, "nexus"), "initiator"),
                        "iqn.2026-01.example:one");
    line = last_event(h, "write-state");
    assert_string_equal(member(line, "from"), "blanking");
    assert_string_equal(member(line, "to"), "idle");
    assert_string_equal(member(line, "owner"), "Blanker");
    /* idle to blanking, the medium's line, and back to idle */
    assert_string_equal(member(json_array_get(h->events, json_array_size(h->events) - 3), "to"),
                        "blanking");
    assert_string_equal(member(json_array_get(h->events, json_array_size(h->events) - 2), "event"),
                        "medium-blanked");
    harness_free(h);
}

static void an_unlock_after_a_blanking_tells_of_a_new_medium(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    burn_data(h, 310);
    clear_attention(h, TWO);
    assert_good(lock(h, ONE, "Blanker"));
    assert_good(run(h, ONE, BLANK_FAST));
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, "00 00 00 00 00 00"), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_good(run(h, TWO, "00 00 00 00 00 00"));
    harness_free(h);
}

static void a_blanking_changes_the_features_and_raises_no_attention(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    burn_data(h, 310);
    close_session(h, 0);
    clear_attention(h, TWO);
    assert_good(run(h, ONE, GESN_OPERATIONAL));
    assert_good(run(h, ONE, BLANK_FAST));
    assert_hex(run(h, ONE, GESN_OPERATIONAL), "00 06 01 16 02 00 00 01");
    assert_good(run(h, TWO, "00 00 00 00 00 00"));
    assert_hex_at(run(h, ONE, "46 02 00 2D 00 00 00 00 10 00"), 10, "09"); /* current again */
    harness_free(h);
}

static void a_stranger_does_not_blank_what_is_held(void **state)
{
    struct harness *h = rw_ready();

    (void)state;
    burn_data(h, 310);
    clear_attention(h, TWO);
    assert_good(lock(h, ONE, "Holder"));
    assert_conflict(run(h, TWO, BLANK_FAST));
    assert_good(run(h, ONE, "28 00 00 00 01 35 00 00 01 00"));
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blank_cd_rw_can_be_written),
        cmocka_unit_test(a_cd_rw_is_written_no_faster_than_its_atip_says),
        cmocka_unit_test(a_reload_selects_the_fastest_speeds),
        cmocka_unit_test(a_blanked_disc_is_written_again_and_again),
        cmocka_unit_test(a_disc_that_is_being_written_is_blanked),
        cmocka_unit_test(a_cd_r_is_not_blanked),
        cmocka_unit_test(blanking_type_7_does_not_exist),
        cmocka_unit_test(blanking_needs_a_medium),
        cmocka_unit_test(a_rehearsed_blanking_leaves_the_disc_written),
        cmocka_unit_test(a_blanked_track_is_a_reservation),
        cmocka_unit_test(the_last_reservation_is_taken_back),
        cmocka_unit_test(a_track_goes_on_where_its_tail_was_blanked),
        cmocka_unit_test(an_unclosed_session_is_appended_to),
        cmocka_unit_test(sessions_are_erased_from_the_last_on),
        cmocka_unit_test(blanking_takes_the_time_of_what_is_blanked),
        cmocka_unit_test(a_drive_that_blanks_is_busy_and_tells_it_in_the_end),
        cmocka_unit_test(the_record_tells_a_blanking),
        cmocka_unit_test(an_unlock_after_a_blanking_tells_of_a_new_medium),
        cmocka_unit_test(a_blanking_changes_the_features_and_raises_no_attention),
        cmocka_unit_test(a_stranger_does_not_blank_what_is_held),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

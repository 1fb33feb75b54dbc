/* SPDX-License-Identifier: MIT */
/*
 * SEND CUE SHEET: which sheets a drive takes, and that it is as it was after one that it does not.
 * An entry: CTL and ADR, TNO, INDEX, data form, SCMS, MIN, SEC, FRAME.
 */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define RDI "51 00 00 00 00 00 00 00 22 00"
#define RTI_INCOMPLETE "52 01 00 00 00 FF 00 00 24 00"

/* One audio track of 300 blocks behind its pre-gap: lead-in, 00:00:00, 00:02:00, end 00:06:00 */
#define LEAD_IN "01 00 00 01 00 00 00 00 "
#define PREGAP "01 01 00 00 00 00 00 00 "
#define TRACK_1 "01 01 01 00 00 00 02 00 "
#define LEAD_OUT_6 "01 AA 01 01 00 00 06 00 "
#define ONE_TRACK LEAD_IN PREGAP TRACK_1 LEAD_OUT_6

static struct harness *with_sao(const char *disc)
{
    struct harness *h = harness_ready(disc);

    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    return h;
}

static void session_at_once_begins_in_the_pre_gap(void **state)
{
    struct harness *h = with_sao("80min");

    (void)state;
    /* track 1, session 1, blank, NWA valid; start 0, NWA -150, free up to 359849 */
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 0,
                  "00 22 01 01 00 00 4F 01 00 00 00 00 FF FF FF 6A 00 05 7E 3F");
    assert_good(send_cue(h, ONE_TRACK));
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 0,
                  "00 22 01 01 00 00 4F 01 00 00 00 00 FF FF FF 6A 00 00 01 C2"); /* 450 */
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01"); /* blank as before */
    harness_free(h);
}

static void a_sheet_needs_write_type_session_at_once(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(send_cue(h, ONE_TRACK), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_good(send_cue(h, ONE_TRACK));
    harness_free(h);
}

static void a_sheet_is_forgotten_with_its_write_type(void **state)
{
    struct harness *h = with_sao("80min");

    (void)state;
    assert_good(send_cue(h, ONE_TRACK));
    assert_good(select_write_type(h, 1, 0, 4, 8, 0));
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_sense(write_once(h, -150, 1, 2352), SENSE_COMMAND_SEQUENCE_ERROR);
    harness_free(h);
}

static void without_a_sheet_nothing_is_written_at_once(void **state)
{
    struct harness *h = with_sao("80min");

    (void)state;
    assert_sense(write_once(h, -150, 1, 2352), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01");
    harness_free(h);
}

static void a_session_that_is_open_takes_no_sheet(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_sense(send_cue(h, ONE_TRACK), SENSE_PROGRAM_AREA_NOT_EMPTY);
    harness_free(h);
}

static void a_finished_disc_takes_no_sheet(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    close_session(h, 0);
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_sense(send_cue(h, ONE_TRACK), SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    harness_free(h);
}

static void the_length_of_a_sheet_is_whole_entries(void **state)
{
    struct harness *h = with_sao("80min");
    uint8_t sheet[64] = {0};

    (void)state;
    assert_sense(run(h, ONE, "5D 00 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "5D 00 00 00 00 00 00 00 1F 00", sheet, 31, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "5D 00 00 00 00 00 01 00 08 00", sheet, 64, 0),
                 SENSE_INVALID_FIELD_IN_CDB); /* 65544 */
    assert_sense(run_data(h, ONE, "5D 00 00 00 00 00 00 00 20 00", sheet, 24, 0),
                 SENSE_PARAMETER_LIST_LENGTH_ERROR); /* 32 announced, 24 came */
    harness_free(h);
}

/* ---- sheets that are taken ---- */

static const struct {
    const char *why;
    const char *sheet;
} good[] = {
    {"catalogue number, the lead-in's control with it", "42 38 37 36 35 34 33 32 " /* 8765432 */
                                                        "42 31 30 30 30 30 31 00 " /* 100001 */
     ONE_TRACK},
    {"catalogue number without control, pre-emphasis, copy permitted",
     "02 38 37 36 35 34 33 32 02 31 30 30 30 30 31 00 " LEAD_IN
     "31 01 00 00 00 00 00 00 31 01 01 00 00 00 02 00 " LEAD_OUT_6},
    {"ISRC with and without control", LEAD_IN "23 01 44 45 41 42 43 30 " /* DEABC0 */
                                              "23 01 31 32 33 34 35 36 " /* 123456 */
                                              "21 01 00 00 00 00 00 00 21 01 01 00 00 00 02 00 "
                                              "03 02 44 45 41 42 43 30 03 02 31 32 33 34 35 37 "
                                              "01 02 01 00 00 00 06 00 01 AA 01 01 00 00 0A 00 "},
    {"index 0 of no length (wodim)",
     LEAD_IN PREGAP TRACK_1 "01 02 00 00 00 00 06 00 01 02 01 00 00 00 06 00 "
                            "01 AA 01 01 00 00 0A 00 "},
    {"a pre-gap of two seconds, indexes 2 and 3",
     LEAD_IN PREGAP TRACK_1 "01 01 02 00 00 00 04 00 01 01 03 00 00 00 05 00 "
                            "01 02 00 00 00 00 06 00 01 02 01 00 00 00 08 00 "
                            "01 AA 01 01 00 00 0C 00 "},
    {"a pre-gap cut out of the track before, which has 300 blocks with it (wodim)",
     LEAD_IN PREGAP TRACK_1 "01 02 00 00 00 00 04 00 01 02 01 00 00 00 06 00 "
                            "01 AA 01 01 00 00 0A 00 "},
    {"a longer first pre-gap, in which something can be hidden",
     LEAD_IN PREGAP "01 01 01 00 00 00 0C 00 01 AA 01 01 00 00 10 00 "},
    {"no copy of a copy", LEAD_IN "01 01 00 00 80 00 00 00 01 01 01 00 80 00 02 00 " LEAD_OUT_6},
    {"mode 1", "41 00 00 14 00 00 00 00 41 01 00 10 00 00 00 00 41 01 01 10 00 00 02 00 "
               "41 AA 01 14 00 00 06 00 "},
    {"mode 1, whole sectors from the host",
     "41 00 00 14 00 00 00 00 41 01 00 11 00 00 00 00 41 01 01 11 00 00 02 00 "
     "41 AA 01 14 00 00 06 00 "},
    {"a pre-gap that the drive makes",
     "41 00 00 14 00 00 00 00 41 01 00 14 00 00 00 00 41 01 01 10 00 00 02 00 "
     "41 AA 01 14 00 00 06 00 "},
    {"XA", "41 00 00 24 00 00 00 00 41 01 00 20 00 00 00 00 41 01 01 20 00 00 02 00 "
           "41 AA 01 24 00 00 06 00 "},
    {"mode 2", "41 00 00 34 00 00 00 00 41 01 00 30 00 00 00 00 41 01 01 30 00 00 02 00 "
               "41 AA 01 34 00 00 06 00 "},
    {"data, then audio",
     "41 00 00 14 00 00 00 00 41 01 00 10 00 00 00 00 41 01 01 10 00 00 02 00 "
     "01 02 00 00 00 00 06 00 01 02 01 00 00 00 08 00 01 AA 01 01 00 00 0C 00 "},
    {"raw R-W with every block",
     "01 00 00 01 00 00 00 00 01 01 00 40 00 00 00 00 01 01 01 40 00 00 02 00 " LEAD_OUT_6},
    {"the lead-in's R-W raw, its start 97:26:66 (cdrdao)",
     "01 00 00 41 00 61 1A 42 " PREGAP TRACK_1 LEAD_OUT_6},
    {"the lead-in's R-W packed", "01 00 00 C1 00 00 00 00 " PREGAP TRACK_1 LEAD_OUT_6},
};

static void sheets_of_every_kind_are_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct harness *h = with_sao("80min");

        if (send_cue(h, good[i].sheet)->status != SAM_GOOD)
            fail_msg("refused with %06X: %s", (unsigned)h->reply.sense, good[i].why);
        harness_free(h);
    }
}

/* ---- sheets that are refused ---- */

static const struct {
    const char *why;
    const char *sheet;
} bad[] = {
    {"no lead-in", PREGAP TRACK_1 LEAD_OUT_6},
    {"no lead-out", LEAD_IN PREGAP TRACK_1},
    {"a second lead-in", LEAD_IN LEAD_IN PREGAP TRACK_1 LEAD_OUT_6},
    {"something behind the lead-out", ONE_TRACK TRACK_1},
    {"a lead-in with an index", "01 00 01 01 00 00 00 00 " PREGAP TRACK_1 LEAD_OUT_6},
    {"a lead-in from the host", "01 00 00 00 00 00 00 00 " PREGAP TRACK_1 LEAD_OUT_6},
    {"a lead-in at 00:01:00", "01 00 00 01 00 00 01 00 " PREGAP TRACK_1 LEAD_OUT_6},
    {"a lead-out with index 0", LEAD_IN PREGAP TRACK_1 "01 AA 00 01 00 00 06 00 "},
    {"a lead-out from the host", LEAD_IN PREGAP TRACK_1 "01 AA 01 00 00 00 06 00 "},
    {"no track", LEAD_IN LEAD_OUT_6},
    {"no first pre-gap", LEAD_IN TRACK_1 LEAD_OUT_6},
    {"a first pre-gap of 149 blocks", LEAD_IN PREGAP "01 01 01 00 00 00 01 4A " LEAD_OUT_6},
    {"a first pre-gap behind 00:00:00", LEAD_IN "01 01 00 00 00 00 00 01 " TRACK_1 LEAD_OUT_6},
    {"a pre-gap alone", LEAD_IN PREGAP LEAD_OUT_6},
    {"track 2 first", LEAD_IN "01 02 00 00 00 00 00 00 01 02 01 00 00 00 02 00 " LEAD_OUT_6},
    {"track 3 behind track 1",
     LEAD_IN PREGAP TRACK_1 "01 03 01 00 00 00 06 00 01 AA 01 01 00 00 0A 00 "},
    {"track 100 is none", LEAD_IN "01 64 00 00 00 00 00 00 01 64 01 00 00 00 02 00 " LEAD_OUT_6},
    {"index 3 behind index 1", LEAD_IN PREGAP TRACK_1 "01 01 03 00 00 00 04 00 " LEAD_OUT_6},
    {"a track from index 2 on",
     LEAD_IN PREGAP TRACK_1 "01 02 02 00 00 00 06 00 01 AA 01 01 00 00 0A 00 "},
    {"a track of 299 blocks", LEAD_IN PREGAP TRACK_1 "01 AA 01 01 00 00 05 4A "},
    {"a first track of 299 blocks",
     LEAD_IN PREGAP TRACK_1 "01 02 01 00 00 00 05 4A 01 AA 01 01 00 00 0A 00 "},
    {"times that go back", LEAD_IN PREGAP TRACK_1 "01 01 02 00 00 00 01 00 " LEAD_OUT_6},
    {"a reserved data form", LEAD_IN PREGAP "01 01 01 05 00 00 02 00 " LEAD_OUT_6},
    {"a reserved sub-channel form", LEAD_IN PREGAP "01 01 01 80 00 00 02 00 " LEAD_OUT_6},
    {"a data form in an audio track",
     LEAD_IN "01 01 00 10 00 00 00 00 01 01 01 10 00 00 02 00 " LEAD_OUT_6},
    {"an audio form in a data track",
     LEAD_IN "41 01 00 00 00 00 00 00 41 01 01 00 00 00 02 00 " LEAD_OUT_6},
    {"second 60", LEAD_IN PREGAP TRACK_1 "01 AA 01 01 00 00 3C 00 "},
    {"frame 75", LEAD_IN PREGAP TRACK_1 "01 AA 01 01 00 00 06 4B "},
    {"minute 90, which lies in the lead-in", LEAD_IN PREGAP TRACK_1 "01 AA 01 01 00 5A 06 00 "},
    {"a mode of Q that there is not", "00 00 00 01 00 00 00 00 " PREGAP TRACK_1 LEAD_OUT_6},
    {"half a catalogue number", "02 38 37 36 35 34 33 32 " ONE_TRACK},
    {"a letter in a catalogue number",
     "02 38 37 36 35 34 33 41 02 31 30 30 30 30 31 00 " ONE_TRACK},
    {"fourteen digits", "02 38 37 36 35 34 33 32 02 31 30 30 30 30 31 30 " ONE_TRACK},
    {"two catalogue numbers", "02 38 37 36 35 34 33 32 02 31 30 30 30 30 31 00 "
                              "02 38 37 36 35 34 33 32 02 31 30 30 30 30 31 00 " ONE_TRACK},
    {"a catalogue number behind a track",
     LEAD_IN PREGAP TRACK_1 "02 38 37 36 35 34 33 32 02 31 30 30 30 30 31 00 " LEAD_OUT_6},
    {"half an ISRC", LEAD_IN "03 01 44 45 41 42 43 30 " PREGAP TRACK_1 LEAD_OUT_6},
    {"a small letter in an ISRC",
     LEAD_IN "03 01 44 65 41 42 43 30 03 01 31 32 33 34 35 36 " PREGAP TRACK_1 LEAD_OUT_6},
    {"a letter among an ISRC's digits",
     LEAD_IN "03 01 44 45 41 42 43 30 03 01 31 32 33 34 35 41 " PREGAP TRACK_1 LEAD_OUT_6},
    {"an ISRC of another track",
     LEAD_IN "03 02 44 45 41 42 43 30 03 02 31 32 33 34 35 36 " PREGAP TRACK_1 LEAD_OUT_6},
    {"an ISRC of a track that does not come",
     LEAD_IN PREGAP TRACK_1 "03 02 44 45 41 42 43 30 03 02 31 32 33 34 35 36 " LEAD_OUT_6},
    {"nothing that the host writes",
     LEAD_IN "01 01 00 01 00 00 00 00 01 01 01 01 00 00 02 00 " LEAD_OUT_6},
};

static void sheets_that_say_nothing_sensible_are_refused(void **state)
{
    struct harness *h = with_sao("80min");

    (void)state;
    assert_good(send_cue(h, ONE_TRACK));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        send_cue(h, bad[i].sheet);
        if (h->reply.sense != SENSE_INVALID_FIELD_IN_PARAMETER_LIST)
            fail_msg("status %02X, %06X: %s", h->reply.status, (unsigned)h->reply.sense,
                     bad[i].why);
        /* the sheet before is still there */
        assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "FF FF FF 6A 00 00 01 C2");
    }
    write_good(h, -150, 450, 2352);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    harness_free(h);
}

static void a_lead_out_behind_the_last_possible_one_does_not_fit(void **state)
{
    struct harness *h = with_sao("80min");

    (void)state;
    /* 79:59:74 is the last possible one */
    assert_good(send_cue(h, LEAD_IN PREGAP TRACK_1 "01 AA 01 01 00 4F 3B 4A "));
    assert_sense(send_cue(h, LEAD_IN PREGAP TRACK_1 "01 AA 01 01 00 50 00 00 "),
                 SENSE_END_OF_USER_AREA);
    harness_free(h);
}

/* ---- a later session ---- */

static void a_later_session_counts_from_the_disc_or_from_itself(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    close_session(h, 3); /* lead-out 302; the next pre-gap at 11552, 02:36:02; first block 11702 */
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 2, "02 02 00 00 4F 01 00 00 2D B6 00 00 2D 20");
    /* from the disc's: 02:36:02, 02:38:02, 02:42:02 */
    assert_good(send_cue(h, LEAD_IN "01 02 00 00 00 02 24 02 01 02 01 00 00 02 26 02 "
                                    "01 AA 01 01 00 02 2A 02 "));
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "00 00 2D 20 00 00 01 C2");
    /* from the session's own */
    assert_good(send_cue(h, LEAD_IN "01 02 00 00 00 00 00 00 01 02 01 00 00 00 02 00 "
                                    "01 AA 01 01 00 00 06 00 "));
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "00 00 2D 20 00 00 01 C2");
    /* its tracks as well (wodim) */
    assert_good(send_cue(h, LEAD_IN "03 01 44 45 41 42 43 30 03 01 31 32 33 34 35 36 "
                                    "01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 "
                                    "01 02 01 00 00 00 06 00 01 AA 01 01 00 00 0A 00 "));
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "00 00 2D 20 00 00 02 EE");
    /* but not tracks so and addresses otherwise */
    assert_sense(send_cue(h, LEAD_IN "01 01 00 00 00 02 24 02 01 01 01 00 00 02 26 02 "
                                     "01 AA 01 01 00 02 2A 02 "),
                 SENSE_INVALID_FIELD_IN_PARAMETER_LIST);
    /* nor track 3 first */
    assert_sense(send_cue(h, LEAD_IN "01 03 00 00 00 00 00 00 01 03 01 00 00 00 02 00 "
                                     "01 AA 01 01 00 00 06 00 "),
                 SENSE_INVALID_FIELD_IN_PARAMETER_LIST);
    harness_free(h);
}

/* ---- whatever comes ---- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void damage(uint8_t *sheet, size_t *len, uint32_t *seed)
{
    unsigned changes = 1 + next_random(seed) % 3;

    while (changes-- > 0) {
        size_t entry = next_random(seed) % (*len / 8) * 8;

        switch (next_random(seed) % 4) {
        case 0:
            sheet[next_random(seed) % *len] = (uint8_t)next_random(seed);
            break;
        case 1: /* an entry is lost */
            memmove(sheet + entry, sheet + entry + 8, *len - entry - 8);
            *len = *len > 8 ? *len - 8 : 8;
            break;
        case 2: /* an entry comes twice */
            memmove(sheet + entry + 8, sheet + entry, *len - entry);
            *len += 8;
            break;
        default: /* a little more or less */
            sheet[entry + next_random(seed) % 8] ^= (uint8_t)(1u << next_random(seed) % 8);
            break;
        }
    }
}

/* What a host can see of a drive that is about to write. */
static void look(struct harness *h, uint8_t *out)
{
    memcpy(out, run_data(h, ONE, RDI, NULL, 0, 64)->data, 34);
    memcpy(out + 34, run_data(h, ONE, RTI_INCOMPLETE, NULL, 0, 64)->data, 36);
}

static void a_broken_sheet_leaves_the_drive_as_it_was(void **state)
{
    struct harness *h = with_sao("80min");
    uint8_t before[70], after[70], sheet[1024];
    uint32_t seed = 20261123;
    unsigned refused = 0;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        size_t len = from_hex(good[round % (sizeof(good) / sizeof(good[0]))].sheet, sheet, 512);

        damage(sheet, &len, &seed);
        look(h, before);
        run_data(h, ONE, cdbf("5D 00 00 00 00 00 %06X 00", (unsigned)len), sheet, len, 0);
        if (h->reply.status == SAM_GOOD)
            continue;
        refused++;
        look(h, after);
        assert_memory_equal(before, after, sizeof(before));
    }
    assert_true(refused > 10000);
    assert_int_equal(count_events(h, "track-opened"), 0);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session_at_once_begins_in_the_pre_gap),
        cmocka_unit_test(a_sheet_needs_write_type_session_at_once),
        cmocka_unit_test(a_sheet_is_forgotten_with_its_write_type),
        cmocka_unit_test(without_a_sheet_nothing_is_written_at_once),
        cmocka_unit_test(a_session_that_is_open_takes_no_sheet),
        cmocka_unit_test(a_finished_disc_takes_no_sheet),
        cmocka_unit_test(the_length_of_a_sheet_is_whole_entries),
        cmocka_unit_test(sheets_of_every_kind_are_taken),
        cmocka_unit_test(sheets_that_say_nothing_sensible_are_refused),
        cmocka_unit_test(a_lead_out_behind_the_last_possible_one_does_not_fit),
        cmocka_unit_test(a_later_session_counts_from_the_disc_or_from_itself),
        cmocka_unit_test(a_broken_sheet_leaves_the_drive_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

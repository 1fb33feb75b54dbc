/* SPDX-License-Identifier: MIT */
/* Session-at-once: the WRITEs behind a cue sheet, the end of the session, and what goes wrong. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_TRACK "5B 00 01 00 00 FF 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define RTI_INCOMPLETE "52 01 00 00 00 FF 00 00 24 00"
#define RTI_1 "52 01 00 00 00 01 00 00 24 00"
#define TOC_FULL "43 02 02 00 00 00 00 0F FF 00"

/* Audio: pre-gap of 150, track 1 of 300 (0 to 299), track 2 of 300 behind a pre-gap of 150 that is
 * the host's too (450 to 749), lead-out 750 */
#define LEAD_IN "01 00 00 01 00 00 00 00 "
#define TWO_TRACKS                                                                                 \
    LEAD_IN "01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 "                                     \
            "21 02 00 00 00 00 06 00 21 02 01 00 00 00 08 00 01 AA 01 01 00 00 0C 00 "
#define ONE_TRACK LEAD_IN "01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 01 AA 01 01 00 00 06 00 "
/* Mode 1, then audio: pre-gap, track 1 of 300, track 2's pre-gap of 150 and 300 */
#define MIXED                                                                                      \
    "41 00 00 14 00 00 00 00 41 01 00 10 00 00 00 00 41 01 01 10 00 00 02 00 "                     \
    "01 02 00 00 00 00 06 00 01 02 01 00 00 00 08 00 01 AA 01 01 00 00 0C 00 "

static struct harness *announced(struct vcdr_disc *disc, unsigned multi, const char *sheet)
{
    struct harness *h = harness_with(disc, false);

    clear_attention(h, ONE);
    assert_good(select_write_type(h, 2, multi, 0, 0, 0));
    assert_good(send_cue(h, sheet));
    return h;
}

static long number(json_t *line, const char *key)
{
    return (long)json_integer_value(json_object_get(line, key));
}

/* The lines of the record that tell of writing, as "event:what ...". */
static const char *story(struct harness *h)
{
    static char text[2048];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(h->events); i++) {
        json_t *line = json_array_get(h->events, i);
        const char *event = member(line, "event");

        if (strcmp(event, "write-state") == 0)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ", member(line, "to"));
        else if (strncmp(event, "track-", 6) == 0 || strncmp(event, "session-", 8) == 0)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s:%ld ", event,
                                    number(line, event[0] == 't' ? "track" : "session"));
    }
    return text;
}

/* ---- a whole session ---- */

static void a_session_is_written_from_its_pre_gap_and_ended_by_synchronize_cache(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    write_good(h, -150, 150, 2352);
    /* session and disc incomplete; track 1 is the last one */
    assert_hex_at(run(h, ONE, RDI), 2, "05 01 01 01 01");
    write_good(h, 0, 750, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 02"); /* complete, two tracks */
    /* formatted TOC: tracks 1 to 2, lead-out 750 */
    assert_hex(run(h, ONE, "43 00 00 00 00 00 00 0F FF 00"),
               "00 1A 01 02 00 10 01 00 00 00 00 00 00 12 02 00 00 00 01 C2"
               "00 12 AA 00 00 00 02 EE");
    assert_hex(run(h, ONE, "43 00 01 00 00 00 00 0F FF 00"), "00 0A 01 01 00 10 01 00 00 00 00 00");
    /* A0, A1, A2 00:12:00, tracks at 00:02:00 and 00:08:00; no B0: finalized at once */
    assert_hex(run(h, ONE, TOC_FULL), "00 39 01 01"
                                      "01 10 00 A0 00 00 00 00 01 00 00"
                                      "01 12 00 A1 00 00 00 00 02 00 00"
                                      "01 12 00 A2 00 00 00 00 00 0C 00"
                                      "01 10 00 01 00 00 00 00 00 02 00"
                                      "01 12 00 02 00 00 00 00 00 08 00");
    /* no run-out: track 1 ends where the pre-gap of track 2 begins */
    assert_hex_at(run(h, ONE, RTI_1), 2, "01 01 00 00 01 02 00 00 00 00");
    assert_hex_at(run(h, ONE, RTI_1), 24, "00 00 01 2C 00 00 01 2B");
    assert_hex(run(h, ONE, "25 00 00 00 00 00 00 00 00 00"), "00 00 02 ED 00 00 08 00");
    harness_free(h);
}

static void the_record_tells_of_each_track_in_order(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    write_good(h, -150, 900, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(story(h), "writing track-opened:1 track-closed:1 track-opened:2 "
                                  "track-closed:2 flushing closing-session session-closed:1 idle ");
    assert_int_equal(number(last_event(h, "track-closed"), "start"), 450);
    assert_int_equal(number(last_event(h, "track-closed"), "blocks"), 300);
    assert_int_equal(number(last_event(h, "session-closed"), "tracks"), 2);
    assert_true(json_is_true(json_object_get(last_event(h, "session-closed"), "finalized")));
    harness_free(h);
}

static void every_block_comes_back_the_pre_gap_too(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    write_good(h, -150, 900, 2352);
    assert_good(run(h, ONE, SYNC));
    r = run(h, ONE, "BE 04 FF FF FF 6A 00 03 84 F8 00 00");
    assert_good(r);
    assert_int_equal(r->len, 900 * 2352);
    for (int32_t lba = -150; lba < 750; lba++) {
        pattern(expected, lba, 2352);
        assert_memory_equal(r->data + (lba + 150) * 2352, expected, 2352);
    }
    harness_free(h);
}

static void data_and_audio_have_blocks_of_their_own(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, MIXED);
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    write_good(h, -150, 450, 2048);
    assert_sense(write_once(h, 300, 1, 2048), SENSE_INVALID_FIELD_IN_CDB);
    write_good(h, 300, 450, 2352);
    assert_good(run(h, ONE, SYNC));
    r = run(h, ONE, "28 00 00 00 01 2B 00 00 01 00"); /* 299 */
    assert_good(r);
    pattern(expected, 299, 2048);
    assert_memory_equal(r->data, expected, 2048);
    r = run(h, ONE, "BE 04 00 00 01 2C 00 00 01 F8 00 00"); /* 300: the audio track's pre-gap */
    assert_good(r);
    pattern(expected, 300, 2352);
    assert_memory_equal(r->data, expected, 2352);
    /* data 14, audio 10 */
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 00 0F FF 00"), 4,
                  "00 14 01 00 00 00 00 00 00 10 02");
    harness_free(h);
}

static void a_pre_gap_that_the_drive_makes_is_passed_over(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0,
                                  "41 00 00 14 00 00 00 00 41 01 00 14 00 00 00 00 "
                                  "41 01 01 10 00 00 02 00 41 AA 01 14 00 00 06 00 ");

    (void)state;
    assert_int_equal(next_address(h), 0);
    assert_sense(write_once(h, -150, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE);
    write_good(h, 0, 300, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 01");
    harness_free(h);
}

static void catalogue_number_isrc_and_indexes_are_on_the_disc(void **state)
{
    struct vcdr_disc *disc = blank_disc("80min");
    struct harness *h = announced(disc, 3,
                                  "02 38 37 36 35 34 33 32 02 31 30 30 30 30 31 00 " LEAD_IN
                                  "03 01 44 45 41 42 43 30 03 01 31 32 33 34 35 36 "
                                  "01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 "
                                  "01 01 02 00 00 00 04 00 01 AA 01 01 00 00 06 00 ");
    struct vcdr_track track;
    int32_t lba;

    (void)state;
    write_good(h, -150, 450, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(vcdr_disc_info(disc)->mcn, "8765432100001");
    assert_int_equal(vcdr_disc_track(disc, 1, &track), VCDR_OK);
    assert_string_equal(track.isrc, "DEABC0123456");
    assert_int_equal(vcdr_disc_index(disc, 1, 2, &lba), VCDR_OK);
    assert_int_equal(lba, 150);
    harness_free(h);
}

static void the_end_takes_the_multi_session_field_of_that_moment(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, ONE_TRACK);

    (void)state;
    write_good(h, -150, 450, 2352);
    assert_good(select_write_type(h, 2, 3, 0, 0, 0));
    assert_good(run(h, ONE, SYNC));
    /* appendable, two sessions; the next track is 2 */
    assert_hex_at(run(h, ONE, RDI), 2, "01 01 02 02 02");
    /* B0: next pre-gap 300 + 11250; two points; last lead-out 79:59:74. C0. */
    assert_hex_at(run(h, ONE, TOC_FULL), 4 + 4 * 11,
                  "01 50 00 B0 02 24 00 02 4F 3B 4A 01 50 00 C0 D0 00 98 00 61 1A 42");
    /* session-at-once goes on 150 blocks before 300 + 11400 */
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 2, "02 02 00 00 4F 01 00 00 2D B4 00 00 2D 1E");
    harness_free(h);
}

static void a_second_session_is_written_at_once_too(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 3, ONE_TRACK);

    (void)state;
    write_good(h, -150, 450, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_good(select_write_type(h, 2, 1, 0, 0, 0));
    assert_good(send_cue(h, "41 00 00 14 00 00 00 00 41 02 00 10 00 00 00 00 "
                            "41 02 01 10 00 00 02 00 41 AA 01 14 00 00 06 00 "));
    write_good(h, 11550, 450, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 02 02 02");
    assert_hex_at(run(h, ONE, "43 00 01 00 00 00 00 0F FF 00"), 0,
                  "00 0A 01 02 00 14 02 00 00 00 2D B4"); /* 11700 */
    harness_free(h);
}

static void track_at_once_goes_on_behind_session_at_once(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 3, ONE_TRACK);

    (void)state;
    write_good(h, -150, 450, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(burn_data(h, 300), 11700);
    close_session(h, 0);
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 02 02 02");
    harness_free(h);
}

static void close_session_behind_the_last_block_ends_it_and_again_is_good(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, ONE_TRACK);

    (void)state;
    write_good(h, -150, 450, 2352);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 01");
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(count_events(h, "session-closed"), 1);
    harness_free(h);
}

static void a_rehearsed_session_leaves_the_disc_blank(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_write_type(h, 0x12, 0, 0, 0, 0)); /* Test Write */
    assert_good(send_cue(h, ONE_TRACK));
    write_good(h, -150, 450, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01");
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_sense(write_once(h, -150, 1, 2352), SENSE_COMMAND_SEQUENCE_ERROR); /* no sheet */
    assert_good(send_cue(h, ONE_TRACK));
    harness_free(h);
}

static void the_buffer_is_half_full_until_the_session_ends(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    /* 2 MiB; wodim predicts an under-run from a buffer that is empty behind the last block */
    write_good(h, -150, 150, 2352);
    assert_hex(run(h, ONE, "5C 00 00 00 00 00 00 00 0C 00"), "00 0A 00 00 00 20 00 00 00 1A 9D E0");
    write_good(h, 0, 750, 2352);
    assert_hex(run(h, ONE, "5C 00 00 00 00 00 00 00 0C 00"), "00 0A 00 00 00 20 00 00 00 10 00 00");
    assert_good(run(h, ONE, SYNC));
    assert_hex(run(h, ONE, "5C 00 00 00 00 00 00 00 0C 00"), "00 0A 00 00 00 20 00 00 00 20 00 00");
    harness_free(h);
}

/* ---- every way to be refused ---- */

static void writing_goes_on_where_it_left_off(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, ONE_TRACK);

    (void)state;
    assert_sense(write_once(h, 0, 1, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    write_good(h, -150, 10, 2352);
    assert_int_equal(next_address(h), -140);
    assert_sense(write_once(h, -150, 10, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, -139, 1, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, -140, 1, 2048), SENSE_INVALID_FIELD_IN_CDB);
    write_good(h, -140, 440, 2352);
    assert_sense(write_once(h, 300, 1, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE); /* the lead-out */
    harness_free(h);
}

static void a_command_does_not_cross_to_another_kind_of_block(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, MIXED);

    (void)state;
    write_good(h, -150, 440, 2048);
    assert_sense(write_once(h, 290, 20, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_int_equal(next_address(h), 290);
    write_good(h, 290, 10, 2048);
    harness_free(h);
}

static void a_session_at_once_is_not_mixed_with_other_writing(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    write_good(h, -150, 200, 2352);
    assert_sense(select_write_type(h, 1, 0, 4, 8, 0), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(select_write_type(h, 3, 0, 0, 3, 0), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(run(h, ONE, CLOSE_TRACK), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 2C 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(send_cue(h, TWO_TRACKS), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_sense(run(h, ONE, "1B 00 00 00 02 00"), SENSE_COMMAND_SEQUENCE_ERROR); /* eject */
    write_good(h, 50, 700, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 02");
    harness_free(h);
}

/* ---- sessions that are cut off ---- */

static void assert_damaged(struct harness *h)
{
    /* last session damaged, disc incomplete */
    assert_hex_at(run(h, ONE, RDI), 2, "09");
    assert_good(select_write_type(h, 1, 0, 4, 8, 0));
    assert_sense(run(h, ONE, RTI_INCOMPLETE), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(write_once(h, 0, 1, 2048), SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 2C 00"),
                 SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    /* features 002Dh and 002Eh are not current */
    assert_hex_at(run(h, ONE, "46 02 00 2D 00 00 00 00 10 00"), 8, "00 2D 08");
    assert_hex_at(run(h, ONE, "46 02 00 2E 00 00 00 00 10 00"), 8, "00 2E 00");
    assert_sense(run(h, ONE, "43 00 00 00 00 00 00 0F FF 00"), SENSE_INVALID_FIELD_IN_CDB);
}

static void synchronize_cache_before_the_end_leaves_it_damaged(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    write_good(h, -150, 500, 2352);
    assert_sense(run(h, ONE, SYNC), SENSE_SESSION_FIXATION_ERROR);
    assert_string_equal(story(h), "writing track-opened:1 track-closed:1 track-opened:2 "
                                  "flushing session-damaged:1 idle ");
    assert_damaged(h);
    harness_free(h);
}

static void a_reset_leaves_it_damaged(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    write_good(h, -150, 500, 2352);
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_int_equal(count_events(h, "session-damaged"), 1);
    assert_damaged(h);
    harness_free(h);
}

static void a_burner_that_vanishes_leaves_it_damaged_and_the_drive_free(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    write_good(h, -150, 500, 2352);
    nexus_close(h, TWO); /* somebody else */
    assert_int_equal(count_events(h, "session-damaged"), 0);
    nexus_close(h, ONE);
    assert_int_equal(count_events(h, "session-damaged"), 1);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    clear_attention(h, THREE);
    assert_good(run(h, THREE, "1B 00 00 00 02 00")); /* eject */
    harness_free(h);
}

static void a_burner_that_vanishes_behind_the_last_block_leaves_it_complete(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, ONE_TRACK);

    (void)state;
    write_good(h, -150, 450, 2352);
    nexus_close(h, ONE);
    assert_int_equal(count_events(h, "session-damaged"), 0);
    assert_int_equal(count_events(h, "session-closed"), 1);
    harness_free(h);
}

static void a_reset_forgets_a_sheet_and_spoils_nothing(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, TWO_TRACKS);

    (void)state;
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_sense(write_once(h, -150, 1, 2352), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01");
    harness_free(h);
}

static void a_sheet_goes_with_the_disc_that_it_was_for(void **state)
{
    struct harness *h = announced(blank_disc("80min"), 0, ONE_TRACK);

    (void)state;
    assert_good(run(h, ONE, "1B 00 00 00 02 00")); /* eject, load */
    assert_good(run(h, ONE, "1B 00 00 00 03 00"));
    clear_attention(h, ONE);
    assert_sense(write_once(h, -150, 1, 2352), SENSE_COMMAND_SEQUENCE_ERROR);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burner_that_vanishes_leaves_it_damaged_and_the_drive_free),
        cmocka_unit_test(a_burner_that_vanishes_behind_the_last_block_leaves_it_complete),
        cmocka_unit_test(a_session_is_written_from_its_pre_gap_and_ended_by_synchronize_cache),
        cmocka_unit_test(the_record_tells_of_each_track_in_order),
        cmocka_unit_test(every_block_comes_back_the_pre_gap_too),
        cmocka_unit_test(data_and_audio_have_blocks_of_their_own),
        cmocka_unit_test(a_pre_gap_that_the_drive_makes_is_passed_over),
        cmocka_unit_test(catalogue_number_isrc_and_indexes_are_on_the_disc),
        cmocka_unit_test(the_end_takes_the_multi_session_field_of_that_moment),
        cmocka_unit_test(a_second_session_is_written_at_once_too),
        cmocka_unit_test(track_at_once_goes_on_behind_session_at_once),
        cmocka_unit_test(close_session_behind_the_last_block_ends_it_and_again_is_good),
        cmocka_unit_test(a_rehearsed_session_leaves_the_disc_blank),
        cmocka_unit_test(the_buffer_is_half_full_until_the_session_ends),
        cmocka_unit_test(writing_goes_on_where_it_left_off),
        cmocka_unit_test(a_command_does_not_cross_to_another_kind_of_block),
        cmocka_unit_test(a_session_at_once_is_not_mixed_with_other_writing),
        cmocka_unit_test(synchronize_cache_before_the_end_leaves_it_damaged),
        cmocka_unit_test(a_reset_leaves_it_damaged),
        cmocka_unit_test(a_reset_forgets_a_sheet_and_spoils_nothing),
        cmocka_unit_test(a_sheet_goes_with_the_disc_that_it_was_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

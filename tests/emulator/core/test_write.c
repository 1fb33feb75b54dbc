/* SPDX-License-Identifier: MIT */
/* Track-at-once: the life of a disc by raw CDBs, and every way to be refused. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define LAST_LEAD_OUT 359849

/* The write-state lines of the record as "from>to from>to ...". */
static const char *write_states(struct harness *h)
{
    static char text[1024];

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(h->events); i++) {
        json_t *line = json_array_get(h->events, i);

        if (strcmp(member(line, "event"), "write-state") != 0)
            continue;
        strcat(text, member(line, "from"));
        strcat(text, ">");
        strcat(text, member(line, "to"));
        strcat(text, " ");
    }
    return text;
}

static long number(json_t *line, const char *key)
{
    return (long)json_integer_value(json_object_get(line, key));
}

/* ---- the life of a track ---- */

static void writing_goes_on_at_the_next_writable_address(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 27, 2352));
    assert_sense(write_once(h, 0, 27, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, 28, 27, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, -150, 27, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_good(write_once(h, 27, 27, 2352));
    assert_int_equal(next_address(h), 54);
    harness_free(h);
}

static void audio_comes_back_as_it_was_written(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    burn_audio(h, 310);
    r = run(h, ONE, "BE 04 00 00 00 00 00 01 36 F8 00 00");
    assert_good(r);
    assert_int_equal(r->len, 310 * 2352);
    for (int32_t lba = 0; lba < 310; lba++) {
        pattern(expected, lba, 2352);
        assert_memory_equal(r->data + lba * 2352, expected, 2352);
    }
    harness_free(h);
}

static void a_short_track_is_padded_with_silence(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t silence[2352];
    struct reply *r;

    (void)state;
    burn_audio(h, 2);
    r = run(h, ONE, "BE 04 00 00 00 02 00 01 2A F8 00 00"); /* 2 to 299 */
    assert_good(r);
    for (unsigned i = 0; i < 298; i++)
        assert_memory_equal(r->data + i * 2352, silence, 2352);
    r = run(h, ONE, "BE 04 00 00 01 2C 00 00 02 F8 00 00"); /* 300, 301: its run-out */
    assert_good(r);
    assert_memory_equal(r->data, silence, 2352);
    assert_memory_equal(r->data + 2352, silence, 2352);
    harness_free(h);
}

static void the_record_follows_the_write_state_with_its_owner(void **state)
{
    struct harness *h = harness_ready("80min");
    static const char lock[] = "00 00 00 00 00 00 00 00"
                               "39 46 01 00 00 00 00 00"
                               "46 69 72 73 74 20 42 75 72 6E 65 72" /* First Burner */
                               "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                               "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                               "00 00 00 00 00 00 00 00 00 00 00 00";

    (void)state;
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", lock));
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 100, 2352));
    assert_good(write_once(h, 100, 250, 2352));
    assert_string_equal(write_states(h), "idle>writing ");
    assert_string_equal(member(last_event(h, "write-state"), "owner"), "First Burner");
    assert_int_equal(number(last_event(h, "write-state"), "track"), 1);
    assert_int_equal(number(last_event(h, "write-state"), "lba"), 0);
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(write_states(h), "idle>writing writing>flushing flushing>closing-track "
                                         "closing-track>idle ");
    assert_string_equal(member(last_event(h, "write-state"), "owner"), "First Burner");
    assert_int_equal(number(last_event(h, "write-state"), "blocks"), 350);
    assert_int_equal(count_events(h, "track-opened"), 1);
    assert_string_equal(member(last_event(h, "track-opened"), "owner"), "First Burner");
    assert_int_equal(number(last_event(h, "track-closed"), "start"), 0);
    assert_int_equal(number(last_event(h, "track-closed"), "blocks"), 350);
    harness_free(h);
}

/* The lba of every write-state line from line *seen on, and a space behind each. */
static const char *next_addresses(struct harness *h, size_t *seen)
{
    static char text[256];
    size_t used = 0;

    text[0] = '\0';
    for (; *seen < json_array_size(h->events); (*seen)++) {
        json_t *event = json_array_get(h->events, *seen);

        if (strcmp(member(event, "event"), "write-state") == 0)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%d ",
                                     (int)number(event, "lba"));
    }
    return text;
}

static void a_write_state_names_the_next_writable_address(void **state)
{
    struct harness *h = harness_ready("80min");
    size_t seen = 0;

    (void)state;
    assert_good(select_page_05(h, 3, 0, 0, 0));
    assert_good(write_once(h, 0, 465, 2352));
    assert_good(run(h, ONE, SYNC));
    /* 2 run-out blocks and a pre-gap of 150 after the 465 */
    assert_string_equal(next_addresses(h, &seen), "0 465 465 617 ");
    assert_int_equal(next_address(h), 617);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_string_equal(next_addresses(h, &seen), "617 11867 "); /* 467 and 11400 */
    assert_int_equal(next_address(h), 11867);
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 11867, 300, 2352));
    assert_good(run(h, ONE, CLOSE_SESSION));
    /* the disc is complete: nothing can be written */
    assert_string_equal(next_addresses(h, &seen), "11867 12167 12167 12319 -1 ");
    harness_free(h);
}

static void the_record_names_the_mode_of_every_block_type_that_is_taken(void **state)
{
    static const struct {
        const char *mode; /* NULL: refused */
        unsigned bytes, track_mode, format;
    } types[16] = {
        [0] = {"audio", 2352, 0, 0x00},
        [8] = {"mode1", 2048, 4, 0x00},
        [9] = {"mode2", 2336, 4, 0x00},
        [10] = {"xa-form1", 2048, 4, 0x20},
        [11] = {"xa-form1", 2056, 4, 0x20},
        [12] = {"xa-form2", 2324, 4, 0x20},
        [13] = {"xa-mixed", 2332, 4, 0x20},
    };

    (void)state;
    for (unsigned type = 0; type < 16; type++) {
        struct harness *h = harness_ready("80min");

        if (types[type].mode == NULL) {
            assert_sense(select_page_05(h, 0, 4, type, 0), 0x052600);
        } else {
            assert_good(select_page_05(h, 0, types[type].track_mode, type, types[type].format));
            assert_good(write_once(h, 0, 5, types[type].bytes));
            assert_string_equal(member(last_event(h, "track-opened"), "mode"), types[type].mode);
        }
        harness_free(h);
    }
}

static void the_log_page_and_the_record_name_the_same_address(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 465, 2352));
    assert_good(run(h, ONE, SYNC));
    /* idle, track-at-once, track 2, 617 */
    assert_hex_at(run(h, ONE, "4D 00 79 00 00 00 00 02 00 00"), 8, "00 01 00 02 00 00 02 69");
    assert_int_equal(number(last_event(h, "write-state"), "lba"), 617);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, "4D 00 79 00 00 00 00 02 00 00"), 8, "00 01 00 00 FF FF FF FF");
    assert_int_equal(number(last_event(h, "write-state"), "lba"), -1);
    harness_free(h);
}

static void closing_a_session_ends_the_track_first(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 300, 2048));
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_string_equal(write_states(h), "idle>writing writing>flushing flushing>closing-track "
                                         "closing-track>closing-session closing-session>idle ");
    assert_int_equal(count_events(h, "session-closed"), 1);
    assert_true(json_is_true(json_object_get(last_event(h, "session-closed"), "finalized")));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

static void the_log_page_tells_the_write_state(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 5, 2352));
    clear_attention(h, TWO); /* mode parameters changed */
    /* parameter 0000h: writing, track-at-once, track 1, next 5 */
    assert_hex_at(run(h, TWO, "4D 00 79 00 00 00 00 02 00 00"), 4,
                  "00 00 .. 08 01 01 00 01 00 00 00 05 00 01 .. 08 00 00 00 00 00 00 00 05");
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, TWO, "4D 00 79 00 00 00 00 02 00 00"), 8, "00 01");
    harness_free(h);
}

static void synchronize_cache_with_nothing_written_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, "35 02 00 00 00 00 00 00 00 00")); /* Immed */
    assert_string_equal(write_states(h), "");
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    harness_free(h);
}

static void immediate_forms_are_done_when_they_are_answered(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 300, 2048));
    assert_good(run(h, ONE, "35 02 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "00 00 00 00 00 00"));
    assert_int_equal(next_address(h), 452);
    assert_good(run(h, ONE, "5B 01 02 00 00 00 00 00 00 00"));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

static void page_05_is_taken_at_the_first_write_and_multi_session_at_the_close(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 2, 0, 0)); /* copy permitted, finalize */
    assert_good(write_once(h, 0, 300, 2352));
    assert_good(run(h, ONE, SYNC));
    assert_good(select_page_05(h, 3, 0, 0, 0)); /* appendable */
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "01");
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 00 04 00 00"), 4, "00 12 01");
    harness_free(h);
}

static void mcn_and_isrc_of_page_05_go_onto_the_track(void **state)
{
    struct vcdr_disc *disc = blank_disc("80min");
    struct harness *h = harness_with(disc, false);
    struct vcdr_track track;

    (void)state;
    clear_attention(h, ONE);
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 3C 00",
                        "00 00 00 00 00 00 00 00"
                        "05 32 41 00 00 00 00 00 00 00 00 00 00 00 00 96"
                        "80 34 30 30 36 33 38 31 33 33 33 39 33 31 00 00" /* 4006381333931 */
                        "80 44 45 41 42 43 31 32 30 30 30 30 31 00 00 00" /* DEABC1200001 */
                        "00 00 08 00"));
    assert_good(write_once(h, 0, 1, 2352));
    assert_string_equal(vcdr_disc_info(disc)->mcn, "4006381333931");
    assert_int_equal(vcdr_disc_track(disc, 1, &track), VCDR_OK);
    assert_string_equal(track.isrc, "DEABC1200001");
    harness_free(h);
}

/* ---- block types ---- */

struct block_type_case {
    unsigned mode, type, format;
    size_t bytes;
};

static void every_block_type_takes_blocks_of_its_own_size_only(void **state)
{
    static const struct block_type_case cases[] = {
        {0, 0, 0x00, 2352}, {4, 8, 0x00, 2048}, {4, 10, 0x20, 2048}, {4, 13, 0x20, 2332}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct harness *h = harness_ready("80min");
        const struct block_type_case *t = &cases[i];

        assert_good(select_page_05(h, 0, t->mode, t->type, t->format));
        for (size_t bytes = 2040; bytes <= 2360; bytes++) {
            if (bytes != t->bytes)
                assert_sense(write_once(h, 0, 4, bytes), SENSE_INVALID_FIELD_IN_CDB);
        }
        assert_hex_at(run(h, ONE, RDI), 2, "00"); /* still blank */
        assert_good(write_once(h, 0, 4, t->bytes));
        assert_int_equal(next_address(h), 4);
        harness_free(h);
    }
}

static void another_block_type_inside_an_open_track_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");
    struct reply *r;

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 10, 2352));
    r = select_page_05(h, 0, 4, 8, 0);
    if (r->status == SAM_GOOD) /* a drive may refuse here already */
        assert_sense(write_once(h, 10, 10, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    else
        assert_sense(r, SENSE_COMMAND_SEQUENCE_ERROR);
    harness_free(h);
}

static void another_session_format_inside_a_session_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    assert_good(select_page_05(h, 0, 4, 10, 0x20));
    assert_sense(write_once(h, 452, 10, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_int_equal(next_address(h), 452);
    harness_free(h);
}

static void missing_and_surplus_data_writes_nothing(void **state)
{
    struct harness *h = harness_ready("80min");
    static uint8_t data[3 * 2352];

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_sense(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", data, 0, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", data, 2 * 2352 - 1, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", data, 3 * 2352, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    harness_free(h);
}

static void a_transfer_length_of_zero_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "2A 00 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "AA 00 00 00 00 00 00 00 00 00 00 00"));
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    harness_free(h);
}

static void write_12_writes_too(void **state)
{
    struct harness *h = harness_ready("80min");
    static uint8_t data[2 * 2048];

    (void)state;
    assert_good(run_data(h, ONE, "AA 00 00 00 00 00 00 00 00 02 00 00", data, sizeof(data), 0));
    assert_int_equal(next_address(h), 2);
    /* streaming writes are not claimed */
    assert_sense(run_data(h, ONE, "AA 00 00 00 00 02 00 00 00 02 80 00", data, sizeof(data), 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "AA 00 00 00 00 02 FF FF FF FF 00 00", data, sizeof(data), 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

/* ---- the ends of a disc ---- */

static void a_disc_is_full_at_the_last_block_and_still_good(void **state)
{
    struct harness *h = harness_ready("80min");
    int32_t free_blocks = LAST_LEAD_OUT - 2;

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, (uint32_t)free_blocks - 1, 2048);
    assert_sense(write_once(h, free_blocks - 1, 2, 2048), SENSE_END_OF_USER_AREA);
    assert_int_equal(next_address(h), free_blocks - 1); /* nothing of it was written */
    assert_good(write_once(h, free_blocks - 1, 1, 2048));
    assert_sense(write_once(h, free_blocks, 1, 2048), SENSE_END_OF_USER_AREA);
    /* no address is left: NWA_V 0 */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 FF 00 00 24 00"), 6, "01 00");
    assert_good(run(h, ONE, SYNC));
    assert_sense(write_once(h, free_blocks + 152, 1, 2048), SENSE_END_OF_USER_AREA);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, "25 00 00 00 00 00 00 00 00 00"), 0, "00 05 7D A6"); /* 359846 */
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 AA 04 00 00"), 8, "00 05 7D A9"); /* 359849 */
    assert_good(run(h, ONE, "28 00 00 05 7D A6 00 00 01 00"));
    harness_free(h);
}

static void a_track_that_does_not_fit_is_not_opened(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, LAST_LEAD_OUT - 2 - 152 - 299); /* 299 blocks are left behind it */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 FF 00 00 24 00"), 6, "4F 00");
    assert_sense(write_once(h, LAST_LEAD_OUT - 2 - 299, 1, 2048), SENSE_END_OF_USER_AREA);
    assert_int_equal(count_events(h, "track-opened"), 1);
    harness_free(h);
}

static void ninety_nine_tracks_fit_and_one_more_does_not(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned n = 1; n <= 99; n++)
        assert_int_equal(burn_audio(h, 300), (n - 1) * 452);
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 05 01 01 01 63");
    assert_sense(run(h, ONE, "52 01 00 00 00 FF 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(write_once(h, 99 * 452, 1, 2352), SENSE_NO_MORE_RESERVATIONS);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"), SENSE_NO_MORE_RESERVATIONS);
    close_session(h, 3);
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 00 04 00 00"), 0, "03 22 01 63"); /* 802 bytes */
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 01 01 02 63 63");
    assert_sense(write_once(h, 99 * 452 + 11250, 1, 2352), SENSE_NO_MORE_RESERVATIONS);
    harness_free(h);
}

static void a_finalised_disc_cannot_be_written(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 0);
    assert_sense(write_once(h, 452, 1, 2048), SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(write_once(h, 11702, 1, 2048), SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"),
                 SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(run(h, ONE, "54 01 00 00 00 00 00 00 00 00"),
                 SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, CLOSE_SESSION));
    harness_free(h);
}

static void without_a_medium_nothing_is_written(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(write_once(h, 0, 1, 2048), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_sense(run(h, ONE, SYNC), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

/* ---- CLOSE TRACK/SESSION ---- */

static void close_track_ends_the_open_track_by_number_or_ff(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 300, 2048));
    assert_good(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"));
    assert_int_equal(next_address(h), 452);
    assert_good(write_once(h, 452, 300, 2048));
    assert_good(run(h, ONE, "5B 00 01 00 00 FF 00 00 00 00"));
    assert_int_equal(next_address(h), 904);
    harness_free(h);
}

static void closing_what_is_closed_or_empty_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "5B 00 01 00 00 FF 00 00 00 00"));
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    burn_data(h, 300);
    assert_good(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"));
    close_session(h, 3);
    assert_good(run(h, ONE, CLOSE_SESSION)); /* the new one is empty */
    assert_hex_at(run(h, ONE, RDI), 2, "01 01 02");
    harness_free(h);
}

static void wrong_tracks_and_functions_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "5B 00 01 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "5B 00 01 00 00 02 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "5B 00 01 00 01 01 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    for (unsigned function = 0; function <= 7; function++) {
        if (function != 1 && function != 2)
            assert_sense(run(h, ONE, cdbf("5B 00 %02X 00 00 00 00 00 00 00", function)),
                         SENSE_INVALID_FIELD_IN_CDB);
    }
    harness_free(h);
}

/* ---- RESERVE TRACK ---- */

static void reserved_tracks_are_written_in_any_order(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00")); /* 1000 at 0 */
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 01 F4 00")); /* 500 at 1152 */
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 1152, 500, 2048));
    assert_sense(write_once(h, 1652, 1, 2048), SENSE_END_OF_USER_AREA);
    assert_sense(write_once(h, 0, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE); /* 2 is open */
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 F4 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_good(run(h, ONE, SYNC));
    assert_good(write_once(h, 0, 10, 2048));
    assert_good(run(h, ONE, SYNC)); /* padded to its size */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 01 00 00 24 00"), 24, "00 00 03 EA 00 00 03 E7");
    assert_int_equal(next_address(h), 1152 + 500 + 152);
    harness_free(h);
}

static void an_empty_reservation_keeps_a_session_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"));
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_SESSION_EMPTY_RESERVED_TRACK);
    assert_good(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"));
    assert_string_equal(write_states(h), "idle>closing-track closing-track>idle ");
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

static void a_session_with_an_empty_reservation_leaves_the_open_track_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"));
    assert_good(write_once(h, 1152, 10, 2048));
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_SESSION_EMPTY_RESERVED_TRACK);
    assert_sense(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_int_equal(next_address(h), 1162);
    assert_string_equal(write_states(h), "idle>writing ");
    harness_free(h);
}

static void reservations_of_a_wrong_size_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 2B 00"),
                 SENSE_INVALID_FIELD_IN_CDB); /* 299 */
    assert_sense(run(h, ONE, "53 00 00 00 00 FF FF FF FF 00"), SENSE_END_OF_USER_AREA);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 05 7D A8 00"), SENSE_END_OF_USER_AREA);
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    assert_good(run(h, ONE, "53 00 00 00 00 00 05 7D A7 00")); /* all there is */
    harness_free(h);
}

/* ---- SEND OPC INFORMATION ---- */

static void opc_is_done_at_once(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "54 01 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "54 00 00 00 00 00 00 00 00 00"));
    assert_sense(run_out(h, ONE, "54 00 00 00 00 00 00 00 08 00", "06 E4 00 00 00 00 00 00"),
                 SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

/* ---- what outlives the writer ---- */

static void a_track_left_open_goes_on_after_the_nexus_is_lost(void **state)
{
    struct harness *h = harness_ready("80min");
    static uint8_t block[2352];

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 10, 2352));
    nexus_close(h, ONE);
    clear_attention(h, TWO); /* mode parameters changed */
    assert_good(run_data(h, TWO, "2A 00 00 00 00 0A 00 00 01 00", block, sizeof(block), 0));
    assert_good(run(h, TWO, SYNC));
    assert_hex_at(run(h, TWO, "52 01 00 00 00 01 00 00 24 00"), 24, "00 00 01 2E 00 00 01 2B");
    harness_free(h);
}

static void a_reset_leaves_the_track_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 10, 2352));
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_int_equal(next_address(h), 10);
    assert_good(write_once(h, 10, 10, 2352));
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(write_states(h), "idle>writing writing>idle idle>writing writing>flushing "
                                         "flushing>closing-track closing-track>idle ");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_goes_on_at_the_next_writable_address),
        cmocka_unit_test(audio_comes_back_as_it_was_written),
        cmocka_unit_test(a_short_track_is_padded_with_silence),
        cmocka_unit_test(the_record_follows_the_write_state_with_its_owner),
        cmocka_unit_test(a_write_state_names_the_next_writable_address),
        cmocka_unit_test(the_record_names_the_mode_of_every_block_type_that_is_taken),
        cmocka_unit_test(the_log_page_and_the_record_name_the_same_address),
        cmocka_unit_test(closing_a_session_ends_the_track_first),
        cmocka_unit_test(the_log_page_tells_the_write_state),
        cmocka_unit_test(synchronize_cache_with_nothing_written_is_good),
        cmocka_unit_test(immediate_forms_are_done_when_they_are_answered),
        cmocka_unit_test(page_05_is_taken_at_the_first_write_and_multi_session_at_the_close),
        cmocka_unit_test(mcn_and_isrc_of_page_05_go_onto_the_track),
        cmocka_unit_test(every_block_type_takes_blocks_of_its_own_size_only),
        cmocka_unit_test(another_block_type_inside_an_open_track_is_refused),
        cmocka_unit_test(another_session_format_inside_a_session_is_refused),
        cmocka_unit_test(missing_and_surplus_data_writes_nothing),
        cmocka_unit_test(a_transfer_length_of_zero_is_good),
        cmocka_unit_test(write_12_writes_too),
        cmocka_unit_test(a_disc_is_full_at_the_last_block_and_still_good),
        cmocka_unit_test(a_track_that_does_not_fit_is_not_opened),
        cmocka_unit_test(ninety_nine_tracks_fit_and_one_more_does_not),
        cmocka_unit_test(a_finalised_disc_cannot_be_written),
        cmocka_unit_test(without_a_medium_nothing_is_written),
        cmocka_unit_test(close_track_ends_the_open_track_by_number_or_ff),
        cmocka_unit_test(closing_what_is_closed_or_empty_is_good),
        cmocka_unit_test(wrong_tracks_and_functions_are_refused),
        cmocka_unit_test(reserved_tracks_are_written_in_any_order),
        cmocka_unit_test(an_empty_reservation_keeps_a_session_open),
        cmocka_unit_test(a_session_with_an_empty_reservation_leaves_the_open_track_open),
        cmocka_unit_test(reservations_of_a_wrong_size_are_refused),
        cmocka_unit_test(opc_is_done_at_once),
        cmocka_unit_test(a_track_left_open_goes_on_after_the_nexus_is_lost),
        cmocka_unit_test(a_reset_leaves_the_track_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

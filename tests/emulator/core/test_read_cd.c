/* SPDX-License-Identifier: MIT */
/* READ CD and READ CD MSF: every selection of fields for every kind of sector. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

enum kind { AUDIO, MODE_1, MODE_2, FORM_1, FORM_2, KINDS };

/* The discs' single tracks begin at 0; form 1 and form 2 alternate in the mixed one. */
static struct harness *disc_of(enum kind kind)
{
    struct harness *h = harness_ready("80min");
    uint8_t *blocks;

    if (kind == AUDIO) {
        burn_audio(h, 300);
        return h;
    }
    if (kind == MODE_1) {
        burn_data(h, 300);
        return h;
    }
    if (kind == MODE_2) {
        assert_good(select_page_05(h, 0, 4, 9, 0));
        write_good(h, 0, 300, 2336);
        assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
        return h;
    }
    blocks = malloc(300 * 2332);
    assert_non_null(blocks);
    for (int i = 0; i < 300; i++) {
        uint8_t *block = blocks + i * 2332;

        pattern(block, i, 2332);
        memcpy(block, kind == FORM_1 ? "\0\0\x08\0" : "\0\0\x20\0", 4);
        memcpy(block + 4, block, 4);
    }
    assert_good(select_page_05(h, 0, 4, 13, 0x20));
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 01 2C 00", blocks, 300 * 2332, 0));
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    free(blocks);
    return h;
}

/* Bytes a block by byte 9 of the CDB: audio, mode 1, mode 2 without form, form 1, form 2; -1 for
 * refused. */
static const struct {
    uint8_t select;
    int bytes[KINDS];
} table[] = {
    {0x00, {0, 0, 0, 0, 0}},
    {0x10, {2352, 2048, 2336, 2048, 2328}},
    {0x18, {2352, 2336, 2336, 2328, 2328}},
    {0x20, {2352, 4, 4, 4, 4}},
    {0x30, {2352, 2052, 2340, -1, -1}},
    {0x38, {2352, 2340, 2340, -1, -1}},
    {0x40, {2352, 0, 0, 8, 8}},
    {0x50, {2352, 2048, 2336, 2056, 2336}},
    {0x58, {2352, 2336, 2336, 2336, 2336}},
    {0x60, {2352, 4, 4, 12, 12}},
    {0x70, {2352, 2052, 2340, 2060, 2340}},
    {0x78, {2352, 2340, 2340, 2340, 2340}},
    {0x80, {2352, 12, 12, 12, 12}},
    {0xA0, {2352, 16, 16, 16, 16}},
    {0xB0, {2352, 2064, 2352, -1, -1}},
    {0xB8, {2352, 2352, 2352, -1, -1}},
    {0xE0, {2352, 16, 16, 24, 24}},
    {0xF0, {2352, 2064, 2352, 2072, 2352}},
    {0xF8, {2352, 2352, 2352, 2352, 2352}},
    /* never legal for data: fields that do not lie side by side, EDC without user data */
    {0x08, {-1, -1, -1, -1, -1}},
    {0x28, {-1, -1, -1, -1, -1}},
    {0x48, {-1, -1, -1, -1, -1}},
    {0x68, {-1, -1, -1, -1, -1}},
    {0x88, {-1, -1, -1, -1, -1}},
    {0x90, {-1, -1, -1, -1, -1}},
    {0x98, {-1, -1, -1, -1, -1}},
    {0xA8, {-1, -1, -1, -1, -1}},
    {0xC0, {-1, -1, -1, -1, -1}},
    {0xC8, {-1, -1, -1, -1, -1}},
    {0xD0, {-1, -1, -1, -1, -1}},
    {0xD8, {-1, -1, -1, -1, -1}},
    {0xE8, {-1, -1, -1, -1, -1}},
};

/* Where the first selected field lies in a sector. */
static size_t first_field(uint8_t select, enum kind kind)
{
    if (kind == AUDIO || select & 0x80)
        return 0;
    if (select & 0x20)
        return 12;
    if (kind == MODE_1 || kind == MODE_2 || select & 0x40)
        return 16;
    return 24;
}

static void check_row(struct harness *h, size_t row, enum kind kind, const uint8_t *whole)
{
    struct reply *r = run(h, ONE, cdbf("BE 00 00 00 00 05 00 00 03 %02X 00 00", table[row].select));
    int bytes = table[row].bytes[kind];
    size_t at = first_field(table[row].select, kind);

    if (bytes < 0) {
        assert_sense(r, SENSE_INVALID_FIELD_IN_CDB);
        return;
    }
    assert_good(r);
    if (r->len != 3u * (size_t)bytes)
        fail_msg("byte 9 %02X, kind %d: %zu bytes", table[row].select, kind, r->len);
    for (int i = 0; i < 3; i++)
        assert_memory_equal(r->data + i * bytes, whole + i * 2352 + at, (size_t)bytes);
}

static void every_selection_gives_its_part_of_every_kind_of_sector(void **state)
{
    (void)state;
    assert_int_equal(sizeof(table) / sizeof(table[0]), 32);
    for (int kind = AUDIO; kind < KINDS; kind++) {
        struct harness *h = disc_of((enum kind)kind);
        uint8_t whole[3 * 2352];
        struct reply *r = run(h, ONE, "BE 00 00 00 00 05 00 00 03 F8 00 00");

        assert_good(r);
        assert_int_equal(r->len, sizeof(whole));
        memcpy(whole, r->data, sizeof(whole));
        for (size_t row = 0; row < sizeof(table) / sizeof(table[0]); row++)
            check_row(h, row, (enum kind)kind, whole);
        harness_free(h);
    }
}

static void cd_da_has_one_field_whatever_is_selected(void **state)
{
    struct harness *h = disc_of(AUDIO);

    (void)state;
    for (unsigned select = 0x08; select <= 0xF8; select += 8) {
        assert_good(run(h, ONE, cdbf("BE 04 00 00 00 00 00 00 02 %02X 00 00", select)));
        assert_int_equal(h->reply.len, 2 * 2352);
    }
    harness_free(h);
}

static void a_mode_1_sector_has_sync_header_edc_and_ecc(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t zero[2048];

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 01 00", zero, sizeof(zero), 0));
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    run(h, ONE, "BE 08 00 00 00 00 00 00 01 F8 00 00");
    /* sync; 00:02:00 in BCD, mode 1 */
    assert_hex_at(&h->reply, 0, "00 FF FF FF FF FF FF FF FF FF FF 00 00 02 00 01");
    assert_hex_at(&h->reply, 2064, "C5 13 68 2B 00 00 00 00 00 00 00 00"); /* EDC, computed */
    run(h, ONE, "BE 08 00 00 00 4B 00 00 01 F8 00 00");                    /* 75: 00:03:00 */
    assert_hex_at(&h->reply, 12, "00 03 00 01");
    harness_free(h);
}

static void a_form_1_sector_of_block_type_10_has_the_sub_header_of_page_05(void **state)
{
    struct harness *h = harness_ready("80min");
    struct reply *r;
    uint8_t expected[2048];

    (void)state;
    assert_good(select_page_05(h, 0, 4, 10, 0x20));
    write_good(h, 0, 1, 2048);
    r = run(h, ONE, "BE 10 00 00 00 00 00 00 01 F8 00 00"); /* expected form 1 */
    assert_hex_at(r, 12, "00 02 00 02 00 00 08 00 00 00 08 00");
    pattern(expected, 0, 2048);
    assert_memory_equal(r->data + 24, expected, 2048);
    harness_free(h);
}

static void the_expected_type_must_be_the_sectors(void **state)
{
    /* expected: any, CD-DA, mode 1, mode 2, form 1, form 2 */
    static const bool fits[KINDS][6] = {
        [AUDIO] = {true, true, false, false, false, false},
        [MODE_1] = {true, false, true, false, false, false},
        [MODE_2] = {true, false, false, true, false, false},
        [FORM_1] = {true, false, false, false, true, false},
        [FORM_2] = {true, false, false, false, false, true},
    };

    (void)state;
    for (int kind = AUDIO; kind < KINDS; kind++) {
        struct harness *h = disc_of((enum kind)kind);

        for (unsigned type = 0; type < 6; type++) {
            struct reply *r = run(h, ONE, cdbf("BE %02X 00 00 00 03 00 00 02 F8 00 00", type << 2));

            if (fits[kind][type]) {
                assert_good(r);
                assert_int_equal(r->len, 2 * 2352);
            } else {
                assert_sense(r, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
                assert_int_equal(be32_at(r->sense_data + 3), 3);
            }
        }
        assert_sense(run(h, ONE, "BE 18 00 00 00 03 00 00 02 F8 00 00"),
                     SENSE_INVALID_FIELD_IN_CDB);
        assert_sense(run(h, ONE, "BE 1C 00 00 00 03 00 00 02 F8 00 00"),
                     SENSE_INVALID_FIELD_IN_CDB);
        harness_free(h);
    }
}

static void audio_and_data_do_not_come_in_one_answer(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    burn_audio(h, 300); /* 452; ends 752, next pre-gap 754 */
    burn_data(h, 300);  /* 904 */
    assert_good(run(h, ONE, "BE 00 00 00 01 2E 00 00 96 F8 00 00")); /* 302: pre-gap of track 2 */
    assert_int_equal(h->reply.len, 150 * 2352);
    assert_good(run(h, ONE, "BE 04 00 00 01 2E 00 00 A0 10 00 00")); /* and into the track */
    assert_good(run(h, ONE, "BE 00 00 00 02 F2 00 00 96 F8 00 00")); /* 754: data pre-gap */
    assert_hex_at(&h->reply, 0, "00 FF FF FF FF FF FF FF FF FF FF 00 00 12 04 01");
    assert_sense(run(h, ONE, "BE 00 00 00 02 EE 00 00 0A F8 00 00"), /* 750 to 759 */
                 SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    harness_free(h);
}

static void an_audio_disc_is_read_from_its_first_track_to_its_lead_out(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t silence[2352];
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    burn_audio(h, 300);
    burn_audio(h, 300); /* 452 */
    close_session(h, 0);
    r = run(h, ONE, "BE 04 00 00 00 00 00 02 F2 F8 00 00"); /* 0 to 753; the lead-out is at 754 */
    assert_good(r);
    assert_int_equal(r->len, 754 * 2352);
    for (int32_t lba = 0; lba < 754; lba++) {
        bool user = lba < 300 || (lba >= 452 && lba < 752);

        pattern(expected, lba, 2352);
        assert_memory_equal(r->data + lba * 2352, user ? expected : silence, 2352);
    }
    assert_good(run(h, ONE, "BE 04 00 00 02 F1 00 00 01 F8 00 00"));
    assert_sense(run(h, ONE, "BE 04 00 00 02 F1 00 00 02 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "BE 04 00 00 02 F2 00 00 01 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "BE 08 00 00 01 2C 00 00 01 F8 00 00"),
                 SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    harness_free(h);
}

static void the_run_out_of_a_data_track_cannot_be_read(void **state)
{
    struct harness *h = harness_ready("80min");
    struct reply *r;

    (void)state;
    burn_data(h, 300);
    assert_sense(run(h, ONE, "BE 00 00 00 01 2C 00 00 01 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    burn_data(h, 300);
    for (unsigned i = 0; i < 2; i++) {
        r = run(h, ONE, cdbf("BE 00 00 00 01 2A 00 00 04 %02X 00 00", i == 0 ? 0xF8 : 0x10));
        assert_sense(r, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
        assert_int_equal(be32_at(r->sense_data + 3), 300);
    }
    harness_free(h);
}

static void what_is_not_claimed_is_refused(void **state)
{
    struct harness *h = disc_of(AUDIO);

    (void)state;
    assert_sense(run(h, ONE, "BE 06 00 00 00 00 00 00 01 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "BE 05 00 00 00 00 00 00 01 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    for (unsigned c2 = 1; c2 <= 7; c2++) { /* C2 11b, and a reserved bit with any */
        if (c2 == 2 || c2 == 4)
            continue;
        assert_sense(run(h, ONE, cdbf("BE 04 00 00 00 00 00 00 01 %02X 00 00", 0xF8 | c2)),
                     SENSE_INVALID_FIELD_IN_CDB);
    }
    for (unsigned sub = 3; sub <= 7; sub++) { /* sub-channel; with length 0 too */
        if (sub == 4)
            continue;
        assert_sense(run(h, ONE, cdbf("BE 04 00 00 00 00 00 00 01 F8 %02X 00", sub)),
                     SENSE_INVALID_FIELD_IN_CDB);
        assert_sense(run(h, ONE, cdbf("BE 04 00 00 00 00 00 00 00 F8 %02X 00", sub)),
                     SENSE_INVALID_FIELD_IN_CDB);
    }
    assert_good(run(h, ONE, "BE 04 00 00 00 00 00 00 00 F8 00 00"));
    harness_free(h);
}

static void addresses_beyond_the_recording_are_out_of_range(void **state)
{
    struct harness *h = disc_of(AUDIO);

    (void)state;
    assert_sense(run(h, ONE, "BE 04 00 00 01 2F 00 00 01 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "BE 04 00 00 00 00 FF FF FF F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "BE 04 00 00 00 00 FF FF FF 00 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "BE 04 80 00 00 00 00 00 01 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void msf_is_the_same_in_minutes(void **state)
{
    struct harness *h = disc_of(AUDIO);
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    r = run(h, ONE, "B9 04 00 00 02 05 00 02 07 F8 00 00"); /* 00:02:05 to 00:02:07: 5 and 6 */
    assert_good(r);
    assert_int_equal(r->len, 2 * 2352);
    pattern(expected, 5, 2352);
    assert_memory_equal(r->data, expected, 2352);
    assert_int_equal(run(h, ONE, "B9 04 00 00 02 05 00 02 05 F8 00 00")->len, 0);
    assert_good(&h->reply);
    harness_free(h);
}

static void the_edges_of_msf(void **state)
{
    struct harness *h = disc_of(AUDIO);

    (void)state;
    assert_sense(run(h, ONE, "B9 04 00 00 02 07 00 02 05 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "B9 04 00 00 3C 00 01 00 00 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "B9 04 00 00 02 4B 00 03 00 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "B9 04 00 64 00 00 64 00 01 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "B9 04 00 FF FF FF 00 02 05 F8 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_good(run(h, ONE, "B9 04 00 00 00 00 00 02 00 F8 00 00")); /* the first pre-gap */
    assert_int_equal(h->reply.len, 150 * 2352);
    assert_sense(run(h, ONE, "B9 04 00 61 1A 42 61 1A 43 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "B9 04 00 00 06 02 00 06 03 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void a_small_room_is_filled_and_no_more(void **state)
{
    struct harness *h = disc_of(MODE_1);
    uint8_t expected[2048], audio[2352];
    struct reply *r;

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        r = run_data(h, ONE, cdbf("BE 00 00 00 00 00 00 00 03 %02X 00 00", i == 0 ? 0x10 : 0xF8),
                     NULL, 0, 2500);
        assert_good(r);
        assert_int_equal(r->len, 2500);
    }
    pattern(expected, 1, 2048);
    r = run_data(h, ONE, "BE 00 00 00 00 00 00 00 03 10 00 00", NULL, 0, 2148);
    assert_memory_equal(r->data + 2048, expected, 100);
    r = run_data(h, ONE, "BE 00 00 00 00 00 00 00 03 F8 00 00", NULL, 0, 0);
    assert_good(r);
    harness_free(h);
    h = disc_of(AUDIO);
    r = run_data(h, ONE, "BE 04 00 00 00 00 00 00 03 20 00 00", NULL, 0, 2352 + 7);
    assert_good(r);
    assert_int_equal(r->len, 2359);
    pattern(audio, 1, 2352);
    assert_memory_equal(r->data + 2352, audio, 7);
    harness_free(h);
}

static void an_appended_session_is_read_by_its_own_addresses(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 3);
    burn_data(h, 300); /* 11702 */
    assert_good(run(h, ONE, "BE 00 00 00 2D B6 00 00 01 F8 00 00"));
    /* 11852 = 02:38:02 */
    assert_hex_at(&h->reply, 12, "02 38 02 01");
    assert_sense(run(h, ONE, "BE 00 00 00 10 00 00 00 01 F8 00 00"), /* between the sessions */
                 SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    harness_free(h);
}

/* Track 1: mode 1 with pre-gap; track 2: audio with a pre-gap of 150 from 300 on; track 3: mode 2
 * formless at 750; lead-out 1050. */
static struct harness *mixed_disc(void)
{
    struct harness *h = harness_ready("80min");

    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_good(send_cue(h,
                         "41 00 00 14 00 00 00 00  41 01 00 10 00 00 00 00  41 01 01 10 00 00 02 00"
                         "01 02 00 00 00 00 06 00  01 02 01 00 00 00 08 00  41 03 01 30 00 00 0C 00"
                         "41 AA 01 34 00 00 10 00"));
    write_good(h, -150, 450, 2048);
    write_good(h, 300, 450, 2352);
    write_good(h, 750, 300, 2336);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    return h;
}

static void a_disc_at_once_is_read_up_to_each_transition(void **state)
{
    struct harness *h = mixed_disc();
    uint8_t expected[2352];

    (void)state;
    assert_good(run(h, ONE, "BE 00 FF FF FF 6A 00 01 C2 F8 00 00")); /* -150 to 299 */
    assert_hex_at(&h->reply, 0, "00 FF FF FF FF FF FF FF FF FF FF 00 00 00 00 01");
    assert_good(
        run(h, ONE, "BE 00 00 00 01 2C 00 01 C2 F8 00 00")); /* 300 to 749, its pre-gap too */
    assert_int_equal(h->reply.len, 450 * 2352);
    pattern(expected, 300, 2352); /* no run-out lies between, and what was sent is there */
    assert_memory_equal(h->reply.data, expected, 2352);
    assert_good(run(h, ONE, "BE 0C 00 00 02 EE 00 01 2C 10 00 00")); /* 750 to 1049, mode 2 */
    assert_int_equal(h->reply.len, 300 * 2336);
    pattern(expected, 750, 2336);
    assert_memory_equal(h->reply.data, expected, 2336);
    assert_sense(run(h, ONE, "BE 00 00 00 01 2B 00 00 02 F8 00 00"), /* 299, 300 */
                 SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_sense(run(h, ONE, "BE 00 00 00 02 ED 00 00 02 10 00 00"), /* 749, 750 */
                 SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_sense(run(h, ONE, "BE 00 00 00 04 19 00 00 02 10 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void the_mode_may_change_within_one_answer(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_write_type(h, 2, 0, 4, 8, 0));
    assert_good(send_cue(h,
                         "41 00 00 14 00 00 00 00  41 01 00 10 00 00 00 00  41 01 01 10 00 00 02 00"
                         "41 02 01 30 00 00 06 00  41 AA 01 34 00 00 0A 00"));
    write_good(h, -150, 450, 2048);
    write_good(h, 300, 300, 2336);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "BE 00 00 00 01 2B 00 00 02 10 00 00")); /* 299, 300: mode 1, mode 2 */
    assert_int_equal(h->reply.len, 2048 + 2336);
    assert_sense(run(h, ONE, "BE 08 00 00 01 2B 00 00 02 10 00 00"),
                 SENSE_ILLEGAL_MODE_FOR_THIS_TRACK); /* mode 1 expected */
    assert_int_equal(be32_at(h->reply.sense_data + 3), 300);
    harness_free(h);
}

static void a_rehearsed_track_has_no_silence_behind_it(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_write_type(h, 0x11, 0, 0, 0, 0)); /* Test Write, track-at-once */
    write_good(h, 0, 300, 2352);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_sense(run(h, ONE, "BE 00 00 00 01 2B 00 00 01 F8 00 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_int_equal(run(h, ONE, "BE 00 00 00 01 2C 00 00 01 F8 00 00")->status, 0x02); /* 300 */
    assert_int_equal(run(h, ONE, "BE 00 00 00 01 2C 00 00 01 00 02 00")->status, 0x02); /* its Q */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_selection_gives_its_part_of_every_kind_of_sector),
        cmocka_unit_test(cd_da_has_one_field_whatever_is_selected),
        cmocka_unit_test(a_mode_1_sector_has_sync_header_edc_and_ecc),
        cmocka_unit_test(a_form_1_sector_of_block_type_10_has_the_sub_header_of_page_05),
        cmocka_unit_test(the_expected_type_must_be_the_sectors),
        cmocka_unit_test(audio_and_data_do_not_come_in_one_answer),
        cmocka_unit_test(an_audio_disc_is_read_from_its_first_track_to_its_lead_out),
        cmocka_unit_test(the_run_out_of_a_data_track_cannot_be_read),
        cmocka_unit_test(what_is_not_claimed_is_refused),
        cmocka_unit_test(addresses_beyond_the_recording_are_out_of_range),
        cmocka_unit_test(msf_is_the_same_in_minutes),
        cmocka_unit_test(the_edges_of_msf),
        cmocka_unit_test(a_small_room_is_filled_and_no_more),
        cmocka_unit_test(an_appended_session_is_read_by_its_own_addresses),
        cmocka_unit_test(a_disc_at_once_is_read_up_to_each_transition),
        cmocka_unit_test(the_mode_may_change_within_one_answer),
        cmocka_unit_test(a_rehearsed_track_has_no_silence_behind_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * The bytes of docs/disc-format.md, and files that are not what they should be: each is refused
 * with its own reason, none is misread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/bytes.h"
#include "emulator/disc/crc32.h"
#include "emulator/store/cut_store.h"
#include "fixture.h"
#include "script.h"

enum { AREA_0 = 0x1000, AREA_1 = 0x11000, DATA = 0x40000, RECORD = 128 };

struct file {
    struct cut_store cut;
    struct vcdr_store store;
};

/* One audio track of 310 stored blocks and one of 5, in a session left open. */
static int small_disc(void **state)
{
    struct file *f = calloc(1, sizeof(*f));
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc;

    if (!f)
        return -1;
    cut_init(&f->cut);
    f->store = cut_store(&f->cut);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(f->store, &geometry, 0x12345678), VCDR_OK);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    burn_track(disc, 0, 310, 1);
    burn_track(disc, 0, 5, 2);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    *state = f;
    return 0;
}

static int throw_away(void **state)
{
    struct file *f = *state;

    cut_free(&f->cut);
    free(f);
    return 0;
}

static void read_at(struct file *f, uint64_t at, void *buf, size_t len)
{
    assert_int_equal(f->store.ops->read(f->store.ctx, at, buf, len), VCDR_OK);
}

static void write_at(struct file *f, uint64_t at, const void *buf, size_t len)
{
    assert_int_equal(f->store.ops->write(f->store.ctx, at, buf, len), VCDR_OK);
}

static void flip(struct file *f, uint64_t at)
{
    uint8_t byte;

    read_at(f, at, &byte, 1);
    byte ^= 0x10;
    write_at(f, at, &byte, 1);
}

/* Changes a byte of a 128-byte record and makes its check word right again. */
static void forge(struct file *f, uint64_t record, unsigned at, uint8_t value)
{
    uint8_t bytes[RECORD];

    read_at(f, record, bytes, RECORD);
    bytes[at] = value;
    put_be32(bytes + 124, crc32_of(bytes, 124));
    write_at(f, record, bytes, RECORD);
}

static int open_result(struct file *f)
{
    struct vcdr_disc *disc = NULL;
    int rc = vcdr_disc_open(f->store, &disc);

    if (rc == VCDR_OK)
        vcdr_disc_abandon(disc);
    else
        assert_null(disc);
    return rc;
}

/* ---- the bytes ---- */

static void the_header_is_as_documented(void **state)
{
    static const uint8_t header[24] = {
        0x89, 'V',  'C',  'D',  'R', 0x0D, 0x0A, 0x1A, /* magic */
        0x00, 0x01,                                    /* version 1 */
        0x00, 0x00,                                    /* CD-R */
        0xFF, 0xFF, 0xD2, 0x8E,                        /* lead-in -11634 */
        0x00, 0x05, 0x7D, 0xA9,                        /* last possible lead-out 359849 */
        0x12, 0x34, 0x56, 0x78,                        /* serial */
    };
    uint8_t bytes[RECORD];

    read_at(*state, 0, bytes, RECORD);
    assert_memory_equal(bytes, header, sizeof(header));
    assert_int_equal(get_be32(bytes + 124), crc32_of(bytes, 124));
}

static void the_log_is_as_documented(void **state)
{
    /* area header; track 1 opened, closed; track 2 opened, closed; session 1 closed */
    static const uint8_t area[20] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0};
    static const uint8_t track_2[40] = {
        2,    0,    0,    4,    0,    0,    0,    0,
        0,    0,    0,    1, /* track record, sequence 4, generation 1 */
        2,    1,    3,    0, /* number 2, session 1, complete, not reserved */
        0,    0,    0,    0,    0,    0,    0,    0, /* audio, block type 0, CD-DA, no sub-header */
        0x00, 0x00, 0x01, 0xCE,                      /* starts at 462 = 310 + 152 */
        0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x01, 0x2C, /* 5 stored, 300 written */
        0,    0,    0,    0,                            /* not reserved: no room */
    };
    static const uint8_t session_1[14] = {3, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1};
    uint8_t bytes[RECORD];

    read_at(*state, AREA_0, bytes, RECORD);
    assert_memory_equal(bytes, area, sizeof(area));
    read_at(*state, AREA_0 + 4 * RECORD, bytes, RECORD);
    assert_memory_equal(bytes, track_2, sizeof(track_2));
    read_at(*state, AREA_0 + 5 * RECORD, bytes, RECORD);
    assert_memory_equal(bytes, session_1, sizeof(session_1));
    assert_int_equal(get_be32(bytes + 124), crc32_of(bytes, 124));
}

static void blocks_lie_where_documented(void **state)
{
    uint8_t byte;

    read_at(*state, DATA + 368640, &byte, 1); /* LBA 0: 150 * 2448, rounded up to a page */
    assert_int_equal(byte, 1);
    read_at(*state, DATA + 368640 + 309 * 2352 + 2351, &byte, 1);
    assert_int_equal(byte, 1);
    read_at(*state, DATA + 1499136, &byte, 1); /* track 2's first: 612 * 2448 */
    assert_int_equal(byte, 2);
}

/* ---- what is refused ---- */

static void what_is_no_disc_is_refused(void **state)
{
    struct file *f = *state;
    struct cut_store empty;
    struct vcdr_disc *disc = NULL;

    flip(f, 1);
    assert_int_equal(open_result(f), VCDR_ENOTDISC);
    cut_init(&empty);
    assert_int_equal(vcdr_disc_open(cut_store(&empty), &disc), VCDR_ENOTDISC);
    cut_free(&empty);
}

static void a_header_with_any_bit_wrong_is_damaged(void **state)
{
    struct file *f = *state;

    for (unsigned at = 8; at < 128; at++) {
        flip(f, at);
        assert_int_equal(open_result(f), VCDR_EDAMAGED);
        flip(f, at);
    }
    assert_int_equal(open_result(f), VCDR_OK);
}

static void a_newer_version_is_refused_as_newer(void **state)
{
    struct file *f = *state;

    forge(f, 0, 9, 2);
    assert_int_equal(open_result(f), VCDR_ENEWER);
    forge(f, 0, 9, 1);
    forge(f, AREA_0 + 5 * RECORD, 0, 200); /* a record of a type that version 1 does not know */
    assert_int_equal(open_result(f), VCDR_ENEWER);
}

static void an_impossible_geometry_is_damage(void **state)
{
    forge(*state, 0, 12, 0x00); /* a lead-in far behind the program area */
    assert_int_equal(open_result(*state), VCDR_EDAMAGED);
}

/* Cuts the file at each length from nothing to all of it, in steps. */
static void a_file_cut_short_is_refused_at_every_length(void **state)
{
    struct file *f = *state;
    uint64_t size;

    assert_int_equal(f->store.ops->size(f->store.ctx, &size), VCDR_OK);
    assert_int_equal(size, DATA + 1499136 + 5 * 2352);
    for (uint64_t len = 0; len < size; len += len < 200 ? 1 : 9973) {
        struct cut_store cut;
        struct vcdr_disc *disc = NULL;
        uint8_t *bytes = malloc(size);
        int rc;

        assert_non_null(bytes);
        read_at(f, 0, bytes, size);
        cut_init(&cut);
        cut.live.ops->write(cut.live.ctx, 0, bytes, len);
        rc = vcdr_disc_open(cut_store(&cut), &disc);
        assert_int_equal(rc, len < 8 ? VCDR_ENOTDISC : VCDR_ECUTSHORT);
        cut_free(&cut);
        free(bytes);
    }
}

static void a_damaged_last_record_counts_as_torn(void **state)
{
    struct file *f = *state;
    struct vcdr_disc *disc;

    flip(f, AREA_0 + 5 * RECORD + 50);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->complete_sessions, 0);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 2);
    vcdr_disc_abandon(disc);
}

static void damage_before_a_good_record_is_no_torn_tail(void **state)
{
    struct file *f = *state;

    for (unsigned record = 0; record < 5; record++) {
        for (unsigned at = 0; at < RECORD; at += 3) {
            flip(f, AREA_0 + record * RECORD + at);
            assert_int_equal(open_result(f), VCDR_EDAMAGED);
            flip(f, AREA_0 + record * RECORD + at);
        }
    }
}

static void a_record_that_contradicts_the_disc_is_damage(void **state)
{
    static const struct {
        unsigned record, at;
        uint8_t value;
    } lies[] = {
        {4, 12, 0},    {4, 12, 3},    {4, 12, 200},              /* number */
        {4, 13, 2},    {4, 14, 0},    {4, 14, 1},    {4, 14, 9}, /* session, state */
        {4, 15, 1},    {4, 16, 4},    {4, 17, 9},    {4, 17, 8}, /* reserved, kind */
        {4, 19, 1},    {4, 19, 2},    {4, 18, 0x33}, {4, 18, 0x20},
        {4, 24, 0x80}, {4, 27, 0xCF},                               /* format, start */
        {4, 28, 0xFF}, {4, 35, 0x2D}, {4, 32, 0xFF}, {4, 36, 0xFF}, /* lengths */
        {4, 39, 1},    {4, 40, 1},    {4, 52, 1},                   /* room, ISRC, MCN */
        {5, 12, 2},    {5, 13, 3},    {1, 14, 3},    {3, 12, 1},
    };
    struct file *f = *state;

    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        uint64_t at = AREA_0 + lies[i].record * RECORD;
        uint8_t honest[RECORD];
        int rc;

        read_at(f, at, honest, RECORD);
        forge(f, at, lies[i].at, lies[i].value);
        rc = open_result(f);
        if (rc != VCDR_EDAMAGED)
            fail_msg("record %u byte %u = %02X was taken: %d", lies[i].record, lies[i].at,
                     lies[i].value, rc);
        write_at(f, at, honest, RECORD);
    }
    assert_int_equal(open_result(f), VCDR_OK);
}

/* Whatever a log says with right check words: an error or a disc that keeps its own rules. */
static void no_forged_byte_crashes(void **state)
{
    struct file *f = *state;

    for (unsigned record = 1; record <= 5; record++) {
        for (unsigned at = 0; at < 124; at++) {
            for (unsigned value = 0; value < 256; value += 51) {
                uint64_t place = AREA_0 + record * RECORD;
                struct vcdr_disc *disc;
                uint8_t honest[RECORD], sector[2352];

                read_at(f, place, honest, RECORD);
                forge(f, place, at, (uint8_t)value);
                if (vcdr_disc_open(f->store, &disc) == VCDR_OK) {
                    vcdr_disc_read_raw(disc, 500, 1, sector, NULL);
                    vcdr_disc_abandon(disc);
                }
                write_at(f, place, honest, RECORD);
            }
        }
    }
}

/* ---- two areas ---- */

static void the_newer_area_counts(void **state)
{
    struct file *f = *state;
    struct vcdr_disc *disc;
    uint8_t header[RECORD] = {1};

    put_be64(header + 4, 2);
    put_be32(header + 124, crc32_of(header, 124)); /* no records: CRC-32 of nothing is 0 */
    write_at(f, AREA_1, header, RECORD);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    /* With the next record the old area is gone: damage to the new one cannot bring it back. */
    burn_track(disc, 0, 1, 7);
    vcdr_disc_abandon(disc);
    flip(f, AREA_1 + 20);
    assert_int_equal(open_result(f), VCDR_EDAMAGED);
}

static void an_area_that_vouches_for_what_is_no_record_is_damage(void **state)
{
    struct file *f = *state;
    uint8_t header[RECORD] = {1}, nothing[RECORD] = {0};

    put_be64(header + 4, 2);
    header[13] = 1; /* one record came with the header, and its CRC-32 is right */
    put_be32(header + 16, crc32_of(nothing, RECORD));
    put_be32(header + 124, crc32_of(header, 124));
    write_at(f, AREA_1, header, RECORD);
    assert_int_equal(open_result(f), VCDR_EDAMAGED);
}

static void a_long_life_goes_round_both_areas(void **state)
{
    struct file *f = *state;
    struct vcdr_disc *disc;
    char *before, *after;

    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    for (int i = 0; i < 1600; i++) { /* three times round */
        assert_int_equal(script_write(disc, 1), VCDR_OK);
        assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    }
    before = script_state(disc);
    vcdr_disc_abandon(disc);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    after = script_state(disc);
    assert_string_equal(after, before);
    assert_int_equal(track_of_disc(disc, 3).written, 1600);
    vcdr_disc_abandon(disc);
    free(before);
    free(after);
}

/* Ninety-nine tracks, forty of them reserved at first, in the smallest room: the fullest log. */
static void a_full_disc_s_state_fits_a_fresh_area(void **state)
{
    struct file *f = *state;
    struct vcdr_disc *disc;
    char *before, *after;

    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    for (int i = 2; i < 40; i++) {
        burn_track(disc, 0, 1, 1);
        assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    }
    while (vcdr_disc_info(disc)->tracks < 98)
        assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    for (int i = 0; i < 600; i++) {
        assert_int_equal(script_write(disc, 1), VCDR_OK);
        assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    }
    before = script_state(disc);
    vcdr_disc_abandon(disc);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    after = script_state(disc);
    assert_string_equal(after, before);
    vcdr_disc_abandon(disc);
    free(before);
    free(after);
}

/* The fresh area has them in the order of their numbers, not of their lives. */
static void a_reservation_opened_after_the_track_behind_it_goes_round_too(void **state)
{
    const struct vcdr_track_parameters audio = {.control = 0};
    struct file *f = *state;
    struct vcdr_disc *disc;
    unsigned reserved;

    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    reserved = vcdr_disc_info(disc)->tracks + 1U;
    assert_int_equal(vcdr_disc_reserve(disc, 700), VCDR_OK);
    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_open_track(disc, reserved, &audio), VCDR_OK);
    for (int i = 0; i < 600; i++) {
        assert_int_equal(script_write(disc, 1), VCDR_OK);
        assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    }
    vcdr_disc_abandon(disc);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(track_of_disc(disc, reserved).written, 600);
    vcdr_disc_abandon(disc);
}

static void formatting_again_forgets_everything(void **state)
{
    struct file *f = *state;
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc;

    assert_int_equal(vcdr_geometry_by_name("74min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(f->store, &geometry, 2), VCDR_OK);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    burn_track(disc, 0, 300, 3);
    vcdr_disc_abandon(disc);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 1);
    vcdr_disc_abandon(disc);
}

int main(void)
{
#define ON_SMALL_DISC(test) cmocka_unit_test_setup_teardown(test, small_disc, throw_away)
    const struct CMUnitTest tests[] = {
        ON_SMALL_DISC(the_header_is_as_documented),
        ON_SMALL_DISC(the_log_is_as_documented),
        ON_SMALL_DISC(blocks_lie_where_documented),
        ON_SMALL_DISC(what_is_no_disc_is_refused),
        ON_SMALL_DISC(a_header_with_any_bit_wrong_is_damaged),
        ON_SMALL_DISC(a_newer_version_is_refused_as_newer),
        ON_SMALL_DISC(an_impossible_geometry_is_damage),
        ON_SMALL_DISC(a_file_cut_short_is_refused_at_every_length),
        ON_SMALL_DISC(a_damaged_last_record_counts_as_torn),
        ON_SMALL_DISC(damage_before_a_good_record_is_no_torn_tail),
        ON_SMALL_DISC(a_record_that_contradicts_the_disc_is_damage),
        ON_SMALL_DISC(no_forged_byte_crashes),
        ON_SMALL_DISC(the_newer_area_counts),
        ON_SMALL_DISC(an_area_that_vouches_for_what_is_no_record_is_damage),
        ON_SMALL_DISC(a_long_life_goes_round_both_areas),
        ON_SMALL_DISC(a_full_disc_s_state_fits_a_fresh_area),
        ON_SMALL_DISC(a_reservation_opened_after_the_track_behind_it_goes_round_too),
        ON_SMALL_DISC(formatting_again_forgets_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

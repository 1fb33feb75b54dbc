/* SPDX-License-Identifier: MIT */
/* The bytes of a session at once in the file, and every way in which they can be wrong. */
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
#include "script.h"

enum {
    AREA_0 = 0x1000,
    RECORD = 128,
    OPENED = AREA_0 + RECORD,     /* the record of a session that was opened */
    CLOSED = AREA_0 + 2 * RECORD, /* and of the same when it was closed */
    BLOB = 0x3C040000,
    BLOB_TRACKS = 2 * 16,
    BLOB_STRETCHES = 5 * 8,
    BLOB_BYTES = BLOB_TRACKS + BLOB_STRETCHES + 3 * 18,
};

struct file {
    struct cut_store cut;
    struct vcdr_store store;
};

/* The script's session at once of two tracks, closed so that another may follow. */
static int session_disc(void **state)
{
    struct file *f = calloc(1, sizeof(*f));
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc;

    if (!f)
        return -1;
    cut_init(&f->cut);
    f->store = cut_store(&f->cut);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(f->store, &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(script_open_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
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

static void seal(uint8_t record[RECORD])
{
    put_be32(record + 124, crc32_of(record, 124));
}

static int open_result(struct file *f)
{
    struct vcdr_disc *disc = NULL;
    int rc = vcdr_disc_open(f->store, &disc);

    if (rc == VCDR_OK)
        vcdr_disc_abandon(disc);
    return rc;
}

static void its_record_is_as_documented(void **state)
{
    static const uint8_t expected[40] = {
        5, 0, 0,    2,    0,    0,    0, 0, 0, 0, 0, 1, /* type, place 2, generation 1 */
        1, 1, 3,    0,    0,    2,          /* session 1, SAO, complete and next, region, format */
        0, 5, 0,    3,    0,    0,          /* 5 stretches, 3 packs */
        0, 0, 0x02, 0xEE,                   /* lead-out 750 */
        0, 0, 0x03, 0x84,                   /* 900 blocks */
        0, 0, 0,    0,    0x3C, 0x04, 0, 0, /* lead-in text at 960 MiB of region 0 */
    };
    struct file *f = *state;
    uint8_t record[RECORD], blob[BLOB_BYTES];

    read_at(f, CLOSED, record, RECORD);
    assert_memory_equal(record, expected, sizeof(expected));
    read_at(f, BLOB, blob, sizeof(blob));
    assert_int_equal(get_be32(record + 40), crc32_of(blob, sizeof(blob)));
    assert_memory_equal(record + 44, "0123456789012", 13);
    read_at(f, OPENED, record, RECORD);
    assert_int_equal(record[14], 0);
    assert_int_equal(get_be32(record + 28), 0);
}

static void its_lead_in_text_is_as_documented(void **state)
{
    static const uint8_t expected[BLOB_TRACKS + BLOB_STRETCHES] = {
        'D', 'E', 'A',  'B',  'C',  '2',  '4',  '0',  '0', '0', '0', '1',  0, 0,
        0,   0,   0,    0,    0,    0,    0,    0,    0,   0,   0,   0,    0, 0,
        0,   0,   0,    0,    0xFF, 0xFF, 0xFF, 0x6A, 1,   0,   0,   0x00, /* -150: track 1 index 0,
                                                                              audio */
        0,   0,   0,    0,    1,    1,    0,    0x00,                      /* 0: index 1 */
        0,   0,   0,    0xFA, 1,    2,    0,    0x00,                      /* 250: index 2 */
        0,   0,   0x01, 0x2C, 2,    0,    4,    0x14, /* 300: track 2 index 0, data, made */
        0,   0,   0x01, 0xC2, 2,    1,    4,    0x10, /* 450: index 1, 2048 bytes a block */
    };
    struct file *f = *state;
    uint8_t blob[BLOB_BYTES], packs[3 * 18];

    read_at(f, BLOB, blob, sizeof(blob));
    assert_memory_equal(blob, expected, sizeof(expected));
    script_block(200, 0, packs, sizeof(packs));
    assert_memory_equal(blob + sizeof(expected), packs, sizeof(packs));
}

static void its_blocks_lie_at_their_addresses(void **state)
{
    struct file *f = *state;
    uint8_t block[2352], expected[2448];

    read_at(f, 0x40000, block, 2352);
    script_block(0, 0, expected, 2448);
    assert_memory_equal(block, expected, 2352);
    /* index 1 begins at its own place, (0 + 150) * 2448, and goes on by its size */
    read_at(f, 0x40000 + 150 * 2448 + 2352, block, 2352);
    script_block(0, 151, expected, 2448);
    assert_memory_equal(block, expected, 2352);
    read_at(f, 0x40000 + (450 + 150) * 2448 + 2 * 2048, block, 2048);
    script_block(0, 602, expected, 2048);
    assert_memory_equal(block, expected, 2048);
}

static void a_damaged_lead_in_text_is_found_at_every_byte(void **state)
{
    struct file *f = *state;

    for (unsigned at = 0; at < BLOB_BYTES; at++) {
        uint8_t byte;

        read_at(f, BLOB + at, &byte, 1);
        byte ^= 0x40;
        write_at(f, BLOB + at, &byte, 1);
        assert_int_equal(open_result(f), VCDR_EDAMAGED);
        byte ^= 0x40;
        write_at(f, BLOB + at, &byte, 1);
    }
    assert_int_equal(open_result(f), VCDR_OK);
}

static void a_record_that_contradicts_the_disc_is_damage(void **state)
{
    static const struct {
        unsigned record, at;
        uint8_t value;
    } lies[] = {
        {2, 12, 2},    {2, 13, 0},    {2, 13, 2},    {2, 13, 3},    {2, 14, 7},    {2, 15, 1},
        {2, 15, 2},    {2, 16, 0x20}, {2, 17, 1},    {2, 19, 4},    {2, 21, 2},    {2, 24, 0xFF},
        {2, 27, 0xEF}, {2, 28, 0xFF}, {2, 31, 0x83}, {2, 31, 0x85}, {2, 34, 1},    {2, 38, 0x10},
        {2, 43, 1},    {1, 13, 4},    {1, 16, 0x33}, {1, 17, 1},    {1, 18, 0xFF}, {1, 20, 0xFF},
        {1, 27, 0xED}, {1, 44, 'x'},  {1, 14, 1},
    };
    struct file *f = *state;

    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        uint64_t at = AREA_0 + lies[i].record * RECORD;
        uint8_t honest[RECORD], record[RECORD];
        int rc;

        read_at(f, at, honest, RECORD);
        memcpy(record, honest, RECORD);
        if (record[lies[i].at] == lies[i].value)
            fail_msg("row %zu is no lie", i);
        record[lies[i].at] = lies[i].value;
        seal(record);
        write_at(f, at, record, RECORD);
        rc = open_result(f);
        if (rc != VCDR_EDAMAGED)
            fail_msg("record %u byte %u = %02X was taken: %d", lies[i].record, lies[i].at,
                     lies[i].value, rc);
        write_at(f, at, honest, RECORD);
    }
    assert_int_equal(open_result(f), VCDR_OK);
}

/* A layout with the right check word that breaks the rules. */
static void a_layout_that_breaks_the_rules_is_damage(void **state)
{
    static const struct {
        unsigned at;
        uint8_t value;
    } lies[] = {
        {0, 'd'},            /* ISRC */
        {32 + 3, 0x6B},      /* begins elsewhere */
        {32 + 4, 2},         /* another first track */
        {32 + 8 + 4, 3},     /* tracks that leave one out */
        {32 + 8 + 5, 2},     /* no index 1 */
        {32 + 16 + 5, 1},    /* an index twice */
        {32 + 24 + 6, 0},    /* data form, audio control */
        {32 + 32 + 7, 0x15}, /* no form */
        {32 + 32 + 7, 0x80}, /* the form of raw sessions */
        {32 + 16 + 3, 0x00}, /* a stretch without length is never stored */
        {32 + 32, 0x7F},     /* behind the lead-out */
    };
    struct file *f = *state;
    uint8_t honest[BLOB_BYTES], records[2 * RECORD], forged[2 * RECORD];

    read_at(f, BLOB, honest, sizeof(honest));
    read_at(f, OPENED, records, sizeof(records));
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        uint8_t blob[BLOB_BYTES];
        int rc;

        memcpy(blob, honest, sizeof(blob));
        memcpy(forged, records, sizeof(forged));
        blob[lies[i].at] = lies[i].value;
        for (unsigned r = 0; r < 2; r++) {
            put_be32(forged + r * RECORD + 40, crc32_of(blob, sizeof(blob)));
            seal(forged + r * RECORD);
        }
        write_at(f, BLOB, blob, sizeof(blob));
        write_at(f, OPENED, forged, sizeof(forged));
        rc = open_result(f);
        if (rc != VCDR_EDAMAGED)
            fail_msg("byte %u = %02X was taken: %d", lies[i].at, lies[i].value, rc);
    }
}

/* Whatever the records and the text say with right check words: an error or a sound disc. */
static void look_at_everything(struct vcdr_disc *disc)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    static uint8_t buf[3 * 2352];
    struct vcdr_next_block next;

    for (unsigned n = 1; n <= info->tracks; n++) {
        struct vcdr_track track;

        assert_int_equal(vcdr_disc_track(disc, n, &track), VCDR_OK);
        vcdr_disc_read_raw(disc, track.pregap_lba, 1, buf, NULL);
        vcdr_disc_read_raw(disc, track.start_lba + (int32_t)track.written - 1, 1, buf, NULL);
        vcdr_disc_read_sub(disc, track.start_lba, 3, buf, NULL);
        vcdr_disc_read_user(disc, track.start_lba, 1, buf, NULL);
    }
    vcdr_disc_next_block(disc, &next);
    vcdr_disc_cd_text(disc, 1, 0, 1, buf);
}

static void no_forged_byte_crashes(void **state)
{
    struct file *f = *state;

    for (unsigned at = 12; at < 124; at++)
        for (unsigned value = 0; value < 256; value += 15)
            for (unsigned r = 0; r < 2; r++) {
                struct vcdr_disc *disc;
                uint8_t honest[RECORD], record[RECORD];

                read_at(f, OPENED + r * RECORD, honest, RECORD);
                memcpy(record, honest, RECORD);
                record[at] = (uint8_t)value;
                seal(record);
                write_at(f, OPENED + r * RECORD, record, RECORD);
                if (vcdr_disc_open(f->store, &disc) == VCDR_OK) {
                    look_at_everything(disc);
                    vcdr_disc_abandon(disc);
                }
                write_at(f, OPENED + r * RECORD, honest, RECORD);
            }
}

static void no_forged_text_crashes(void **state)
{
    struct file *f = *state;
    uint8_t honest[BLOB_BYTES], blob[BLOB_BYTES], records[2 * RECORD];

    read_at(f, BLOB, honest, sizeof(honest));
    read_at(f, OPENED, records, sizeof(records));
    for (unsigned at = 0; at < BLOB_TRACKS + BLOB_STRETCHES; at++)
        for (unsigned value = 0; value < 256; value += 15) {
            struct vcdr_disc *disc;

            memcpy(blob, honest, sizeof(blob));
            blob[at] = (uint8_t)value;
            for (unsigned r = 0; r < 2; r++) {
                put_be32(records + r * RECORD + 40, crc32_of(blob, sizeof(blob)));
                seal(records + r * RECORD);
            }
            write_at(f, BLOB, blob, sizeof(blob));
            write_at(f, OPENED, records, sizeof(records));
            if (vcdr_disc_open(f->store, &disc) == VCDR_OK) {
                look_at_everything(disc);
                vcdr_disc_abandon(disc);
            }
        }
}

/* Only what the file still has is copied: it is sparse, and long. */
static void a_cut_file_is_said_to_be_cut(void **state)
{
    static const uint64_t lens[] = {0x40000, 0x40000 + 2352, 0x40000 + 600 * 2448,
                                    BLOB,    BLOB + 1,       BLOB + BLOB_BYTES - 1};
    struct file *f = *state;
    uint64_t size;

    assert_int_equal(f->store.ops->size(f->store.ctx, &size), VCDR_OK);
    assert_int_equal(size, BLOB + BLOB_BYTES);
    for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct cut_store cut;
        struct vcdr_disc *disc = NULL;

        cut_init(&cut);
        for (uint64_t at = 0; at < lens[i]; at += 65536) {
            static uint8_t piece[65536];
            uint64_t n = lens[i] - at < sizeof(piece) ? lens[i] - at : sizeof(piece);

            if (at > 0x40000 + 1100 * 2448 && at + sizeof(piece) < BLOB)
                continue;
            read_at(f, at, piece, n);
            assert_int_equal(cut.live.ops->write(cut.live.ctx, at, piece, n), VCDR_OK);
        }
        assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_ECUTSHORT);
        cut_free(&cut);
    }
}

static void what_is_not_closed_is_damaged_when_it_is_opened_again(void **state)
{
    struct file *f = *state;
    struct vcdr_disc *disc;
    struct vcdr_session session;

    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(script_open_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_session(disc, 2, &session), VCDR_OK);
    assert_int_equal(session.state, VCDR_SESSION_DAMAGED);
    assert_int_equal(vcdr_disc_info(disc)->complete_sessions, 1);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 3); /* the audio was whole */
    script_check_data(disc);
    vcdr_disc_abandon(disc);
}

/* A state in the region of its snapshot has all that the snapshot counts. */
static void a_state_that_lacks_what_its_snapshot_has_is_damage(void **state)
{
    static const struct {
        unsigned at;
        uint8_t value;
    } lies[] = {{31, 0x83}, {14, 0}, {43, 0x00}};
    struct file *f = *state;
    struct vcdr_disc *disc;
    uint8_t area[6 * RECORD], honest[6 * RECORD];
    uint64_t at = AREA_0 + 0x10000;

    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    /* area 1: header, the snapshot's session, the snapshot, the session once more */
    read_at(f, at, honest, sizeof(honest));
    assert_int_equal(honest[1 * RECORD], 5);
    assert_int_equal(honest[2 * RECORD], 4);
    assert_int_equal(honest[3 * RECORD], 5);
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        memcpy(area, honest, sizeof(area));
        area[3 * RECORD + lies[i].at] = lies[i].value;
        if (lies[i].at == 31) /* one block less, and not complete */
            area[3 * RECORD + 14] = 0;
        seal(area + 3 * RECORD);
        put_be32(area + 16, crc32_of(area + RECORD, 3 * RECORD));
        seal(area);
        write_at(f, at, area, sizeof(area));
        assert_int_equal(open_result(f), lies[i].at == 14 ? VCDR_OK : VCDR_EDAMAGED);
    }
}

static void a_snapshot_whose_text_is_damaged_is_not_gone_back_to(void **state)
{
    struct file *f = *state;
    struct vcdr_disc *disc;
    uint8_t byte;

    assert_int_equal(vcdr_disc_open(f->store, &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    read_at(f, BLOB + 40, &byte, 1);
    byte ^= 1;
    write_at(f, BLOB + 40, &byte, 1);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_EDAMAGED);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    assert_int_equal(script_open_session(disc), VCDR_OK); /* and the disc is as good as before */
    byte ^= 1;
    write_at(f, BLOB + 40, &byte, 1);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    script_check_data(disc);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, session_disc, throw_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(its_record_is_as_documented),
        TEST(its_lead_in_text_is_as_documented),
        TEST(its_blocks_lie_at_their_addresses),
        TEST(a_damaged_lead_in_text_is_found_at_every_byte),
        TEST(a_record_that_contradicts_the_disc_is_damage),
        TEST(a_layout_that_breaks_the_rules_is_damage),
        TEST(no_forged_byte_crashes),
        TEST(no_forged_text_crashes),
        TEST(a_cut_file_is_said_to_be_cut),
        TEST(a_state_that_lacks_what_its_snapshot_has_is_damage),
        TEST(a_snapshot_whose_text_is_damaged_is_not_gone_back_to),
        TEST(what_is_not_closed_is_damaged_when_it_is_opened_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

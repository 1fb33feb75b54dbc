/* SPDX-License-Identifier: MIT */
/* Back to blank and back to a snapshot: what is there afterwards, block by block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/bytes.h"
#include "emulator/disc/crc32.h"
#include "emulator/disc/disc_private.h"
#include "emulator/store/alloc_fault.h"
#include "emulator/store/cut_store.h"
#include "fixture.h"
#include "script.h"

/* Every byte of these blocks is `fill`. */
static void assert_filled(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, uint8_t fill)
{
    uint8_t sector[2352], expected[2352];

    memset(expected, fill, sizeof(expected));
    for (uint32_t i = 0; i < blocks; i++) {
        assert_int_equal(vcdr_disc_read_raw(disc, lba + (int32_t)i, 1, sector, NULL), VCDR_OK);
        assert_memory_equal(sector, expected, sizeof(sector));
    }
}

static void assert_blank(struct vcdr_disc *disc)
{
    uint8_t sector[2352];

    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 0);
    assert_int_equal(nwa_of(disc, 1), 0);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 1, sector, NULL), VCDR_EADDRESS);
}

static void open_again(struct cut_store *cut, struct vcdr_disc **disc)
{
    vcdr_disc_abandon(*disc);
    assert_int_equal(vcdr_disc_open(cut_store(cut), disc), VCDR_OK);
}

static struct vcdr_disc *new_disc(struct cut_store *cut, enum vcdr_medium medium)
{
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc = NULL;

    cut_init(cut);
    assert_int_equal(vcdr_geometry_by_name("80min", medium, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(cut_store(cut), &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(cut_store(cut), &disc), VCDR_OK);
    return disc;
}

/* ---- reset ---- */

static void a_reset_makes_a_finalized_cd_r_blank(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_close_session(disc, false, true), VCDR_OK);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    assert_blank(disc);
    assert_false(vcdr_disc_info(disc)->snapshot);
}

static void a_reset_ends_an_open_track(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(write_fill(disc, 20, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    assert_blank(disc);
    burn_track(disc, 8, 300, 2); /* and its kind binds nobody */
    assert_int_equal(track_of_disc(disc, 1).block_type, 8);
}

/* What was there before does not shine through a shorter burn. */
static void old_blocks_do_not_come_back_after_a_reset(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];

    burn_track(disc, 0, 400, 1);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    burn_track(disc, 0, 10, 2);
    assert_filled(disc, 0, 10, 2);
    assert_filled(disc, 10, 290, 0); /* padding */
    assert_int_equal(vcdr_disc_read_raw(disc, 302, 1, sector, NULL), VCDR_EADDRESS);
}

static void a_reset_is_durable(void **state)
{
    struct cut_store cut, after;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);

    (void)state;
    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    cut_after(&after, &cut, 1);
    vcdr_disc_abandon(disc);
    assert_int_equal(vcdr_disc_open(cut_store(&after), &disc), VCDR_OK);
    assert_blank(disc);
    vcdr_disc_abandon(disc);
    cut_free(&after);
    cut_free(&cut);
}

/* ---- snapshots ---- */

static void without_a_snapshot_there_is_nothing_to_go_back_to(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 300, 1);
    assert_false(vcdr_disc_info(disc)->snapshot);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 1);
}

static void what_was_added_is_gone_after_a_restore(void **state)
{
    struct vcdr_disc *disc = *state;
    char *before, *now;

    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_true(vcdr_disc_info(disc)->snapshot);
    before = script_state(disc);
    burn_track(disc, 0, 320, 2);
    assert_int_equal(vcdr_disc_close_session(disc, false, true), VCDR_OK);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    now = script_state(disc);
    assert_string_equal(now, before);
    assert_filled(disc, 0, 310, 1);
    free(before);
    free(now);
}

/* The same addresses are written with other blocks, over and over: the snapshot's stay. */
static void later_writes_at_the_same_addresses_harm_no_snapshot(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    for (uint8_t round = 2; round < 6; round++) {
        assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
        burn_track(disc, 0, 500, round);
        assert_filled(disc, 0, 500, round);
        assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
        assert_filled(disc, 0, 310, 1);
        burn_track(disc, 0, 300, round); /* behind the snapshot's track */
        assert_filled(disc, 462, 300, round);
        assert_filled(disc, 0, 310, 1);
    }
}

static void blanking_a_cd_rw_harms_no_snapshot(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 8, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
    burn_track(disc, 0, 500, 2);
    assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
    burn_track(disc, 0, 400, 3);
    assert_filled(disc, 0, 400, 3);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 1).block_type, 8);
    assert_int_equal(track_of_disc(disc, 1).written, 310);
}

/* A snapshot of what was burnt after a reset: the region of the first one is free again. */
static void a_new_snapshot_takes_the_place_of_the_old_one(void **state)
{
    struct vcdr_disc *disc = *state;

    for (uint8_t round = 1; round < 7; round++) {
        assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
        burn_track(disc, 0, 300U + round, round);
        assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
        assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
        burn_track(disc, 0, 400, 0xEE);
        assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
        assert_int_equal(track_of_disc(disc, 1).written, 300U + round);
        assert_filled(disc, 0, 300U + round, round);
    }
}

static void an_open_track_is_kept_open_and_goes_on(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(write_fill(disc, 20, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    for (uint8_t round = 2; round < 5; round++) {
        assert_int_equal(write_fill(disc, 400, round), VCDR_OK);
        assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
        assert_filled(disc, 0, 20, 1);
        assert_filled(disc, 20, 400, round);
        assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
        assert_int_equal(vcdr_disc_info(disc)->open_track, 1);
        assert_int_equal(nwa_of(disc, 1), 20);
    }
}

static void a_blank_disc_can_be_kept_too(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    assert_blank(disc);
    assert_true(vcdr_disc_info(disc)->snapshot);
}

/* Both states of ninety-nine tracks, a session each as far as they fit: the fullest area there is;
 * and its log turns over with the snapshot in it. */
static void a_snapshot_survives_the_turning_of_a_full_log(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);
    char *before, *now;

    (void)state;
    for (int i = 0; i < 40; i++) {
        burn_track(disc, 0, 1, (uint8_t)i);
        assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    }
    while (vcdr_disc_info(disc)->tracks < 98)
        assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    before = script_state(disc);
    for (int i = 0; i < 1200; i++) {
        assert_int_equal(write_fill(disc, 1, 9), VCDR_OK);
        assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    }
    open_again(&cut, &disc);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    open_again(&cut, &disc);
    now = script_state(disc);
    assert_string_equal(now, before);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
    free(before);
    free(now);
}

static void a_snapshot_is_found_again_by_the_next_to_open_the_disc(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);

    (void)state;
    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    open_again(&cut, &disc);
    assert_blank(disc);
    burn_track(disc, 0, 310, 2);
    open_again(&cut, &disc);
    assert_filled(disc, 0, 310, 2);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    open_again(&cut, &disc);
    assert_filled(disc, 0, 310, 1);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

/* The cost: bytes written, flushes, allocations do not depend on what is on the disc. */
static void the_cost_does_not_depend_on_the_blocks(void **state)
{
    static int (*const calls[])(struct vcdr_disc *) = {vcdr_disc_snapshot, vcdr_disc_restore,
                                                       vcdr_disc_reset};
    unsigned ops[2][3];
    size_t bytes[2][3];

    (void)state;
    for (unsigned full = 0; full < 2; full++) {
        struct cut_store cut;
        struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);

        burn_track(disc, 0, full ? 5000 : 1, 1);
        for (unsigned i = 0; i < 3; i++) {
            unsigned before = cut.ops;
            size_t writes = cut.count;

            assert_int_equal(calls[i](disc), VCDR_OK);
            ops[full][i] = cut.ops - before;
            bytes[full][i] = 0;
            for (size_t w = writes; w < cut.count; w++)
                bytes[full][i] += cut.writes[w].len;
        }
        vcdr_disc_abandon(disc);
        cut_free(&cut);
    }
    assert_memory_equal(ops[0], ops[1], sizeof(ops[0]));
    assert_memory_equal(bytes[0], bytes[1], sizeof(bytes[0]));
    assert_in_range(bytes[1][0], 65536, 66560); /* an area wiped and begun */
    assert_in_range(ops[1][0], 5, 7);
}

/* ---- faults ---- */

static void a_snapshot_without_memory_leaves_the_one_before(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    burn_track(disc, 0, 310, 2);
    alloc_fail_at(1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_ENOMEM);
    alloc_fail_at(0);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 1);
}

static void opening_a_disc_with_a_snapshot_without_memory_fails_cleanly(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);
    struct vcdr_disc *none = NULL;

    (void)state;
    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    vcdr_disc_abandon(disc);
    for (unsigned at = 1; at <= 2; at++) { /* the disc, its snapshot */
        alloc_fail_at(at);
        assert_int_equal(vcdr_disc_open(cut_store(&cut), &none), VCDR_ENOMEM);
        alloc_fail_at(0);
        assert_null(none);
    }
    cut_free(&cut);
}

static void after_an_io_error_nothing_is_kept_or_brought_back(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);

    (void)state;
    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    cut.fail_once = true;
    cut.ops = 0;
    cut.dies_at = 2;
    assert_int_equal(vcdr_disc_reset(disc), VCDR_EIO);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_EIO);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_EIO);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_EIO);
    assert_filled(disc, 0, 310, 1);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

/* ---- what a file may say ---- */

enum { RECORD = 128, AREA_0 = 0x1000, AREA_1 = 0x11000 };

static void forge(struct vcdr_store store, uint64_t area, unsigned record, unsigned at,
                  uint8_t value)
{
    uint8_t bytes[64 * RECORD];
    unsigned count;

    store.ops->read(store.ctx, area, bytes, sizeof(bytes));
    bytes[record * RECORD + at] = value;
    put_be32(bytes + record * RECORD + 124, crc32_of(bytes + record * RECORD, 124));
    count = get_be16(bytes + 12);
    put_be32(bytes + 16, crc32_of(bytes + RECORD, (size_t)count * RECORD));
    put_be32(bytes + 124, crc32_of(bytes, 124));
    store.ops->write(store.ctx, area, bytes, sizeof(bytes));
}

/* A disc whose area 0 holds, in order: header; track 1 of the snapshot; the record that ends it;
 * track 1 of the present, in `region`. Two changes of area lead back to area 0. */
static void new_kept(struct cut_store *cut, unsigned region)
{
    struct vcdr_disc *disc = new_disc(cut, VCDR_MEDIUM_CD_R);

    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK); /* area 1 */
    if (region == 1) {
        assert_int_equal(vcdr_disc_reset(disc), VCDR_OK); /* area 0 */
        burn_track(disc, 0, 305, 2);
    } else {
        assert_int_equal(vcdr_disc_restore(disc), VCDR_OK); /* area 0 */
    }
    vcdr_disc_abandon(disc);
}

static int open_result(struct cut_store *cut)
{
    struct vcdr_disc *disc = NULL;
    int rc = vcdr_disc_open(cut_store(cut), &disc);

    if (rc == VCDR_OK)
        vcdr_disc_abandon(disc);
    return rc;
}

static void the_snapshot_in_the_log_is_as_documented(void **state)
{
    /* header: generation 3, 2 records with it; track record; snapshot's end; track records */
    static const uint8_t header[14] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 2};
    static const uint8_t track[20] = {2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, /* sequence 1 */
                                      1, 1, 3, 0, 0, 0, 0, 0};            /* region 0 */
    static const uint8_t end[16] = {4, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
    static const uint8_t present[20] = {2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 3, /* closed */
                                        1, 1, 3, 0, 0, 0, 0, 1};            /* region 1 */
    struct cut_store cut;
    struct vcdr_store store;
    uint8_t bytes[5 * RECORD], byte;

    (void)state;
    new_kept(&cut, 1);
    store = cut_store(&cut);
    store.ops->read(store.ctx, AREA_0, bytes, sizeof(bytes));
    assert_memory_equal(bytes, header, sizeof(header));
    assert_memory_equal(bytes + RECORD, track, sizeof(track));
    assert_memory_equal(bytes + 2 * RECORD, end, sizeof(end));
    assert_memory_equal(bytes + 4 * RECORD, present, sizeof(present));
    store.ops->read(store.ctx, 0x40000 + 368640, &byte, 1);
    assert_int_equal(byte, 1);
    store.ops->read(store.ctx, 0x40000 + 0x40000000 + 368640, &byte, 1);
    assert_int_equal(byte, 2);
    cut_free(&cut);
}

static void a_snapshot_that_contradicts_the_disc_is_damage(void **state)
{
    static const struct {
        unsigned region, record, at;
        uint8_t value;
    } lies[] = {
        {1, 1, 12, 2}, {1, 1, 19, 2}, /* the snapshot's track: number, region */
        {1, 1, 0, 4},  {1, 1, 0, 9},  /* two ends of snapshots; a type of a later version */
        {1, 4, 0, 4},                 /* the end of a snapshot that came later */
        {1, 4, 19, 0},                /* the present's track 1 changes its region */
        {0, 3, 19, 2}, {0, 3, 31, 9}, /* no such region; less than the snapshot in its region */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct cut_store cut;
        int rc;

        new_kept(&cut, lies[i].region);
        assert_int_equal(open_result(&cut), VCDR_OK);
        forge(cut_store(&cut), AREA_0, lies[i].record, lies[i].at, lies[i].value);
        rc = open_result(&cut);
        if (rc != (lies[i].value == 9 && lies[i].at == 0 ? VCDR_ENEWER : VCDR_EDAMAGED))
            fail_msg("record %u byte %u = %02X: %d", lies[i].record, lies[i].at, lies[i].value, rc);
        cut_free(&cut);
    }
}

/* In the snapshot's region a track of 302 blocks where the snapshot has 310 of them: what would be
 * burnt behind it would lie over them. */
static void a_state_that_would_write_over_its_snapshot_is_damage(void **state)
{
    struct cut_store cut;

    (void)state;
    new_kept(&cut, 0);
    forge(cut_store(&cut), AREA_0, 3, 31, 0x2E); /* stored, 0136h before */
    forge(cut_store(&cut), AREA_0, 3, 35, 0x2E); /* written */
    assert_int_equal(open_result(&cut), VCDR_EDAMAGED);
    forge(cut_store(&cut), AREA_0, 3, 19, 1);            /* in the other region it may */
    assert_int_equal(open_result(&cut), VCDR_ECUTSHORT); /* where nothing was written yet */
    cut_free(&cut);
}

static void a_file_too_short_for_its_snapshot_has_been_cut(void **state)
{
    struct cut_store cut, cut_short;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);
    uint8_t bytes[0x40000];
    struct vcdr_store store;

    (void)state;
    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_reset(disc), VCDR_OK);
    vcdr_disc_abandon(disc);
    store = cut_store(&cut);
    store.ops->read(store.ctx, 0, bytes, sizeof(bytes));
    cut_init(&cut_short);
    store = cut_store(&cut_short);
    store.ops->write(store.ctx, 0, bytes, sizeof(bytes));
    assert_int_equal(open_result(&cut_short), VCDR_ECUTSHORT);
    cut_free(&cut_short);
    cut_free(&cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reset_makes_a_finalized_cd_r_blank, blank_cd_r, put_away),
        cmocka_unit_test_setup_teardown(a_reset_ends_an_open_track, blank_cd_r, put_away),
        cmocka_unit_test_setup_teardown(old_blocks_do_not_come_back_after_a_reset, blank_cd_r,
                                        put_away),
        cmocka_unit_test(a_reset_is_durable),
        cmocka_unit_test_setup_teardown(without_a_snapshot_there_is_nothing_to_go_back_to,
                                        blank_cd_r, put_away),
        cmocka_unit_test_setup_teardown(what_was_added_is_gone_after_a_restore, blank_cd_r,
                                        put_away),
        cmocka_unit_test_setup_teardown(later_writes_at_the_same_addresses_harm_no_snapshot,
                                        blank_cd_r, put_away),
        cmocka_unit_test_setup_teardown(blanking_a_cd_rw_harms_no_snapshot, blank_cd_rw, put_away),
        cmocka_unit_test_setup_teardown(a_new_snapshot_takes_the_place_of_the_old_one, blank_cd_r,
                                        put_away),
        cmocka_unit_test_setup_teardown(an_open_track_is_kept_open_and_goes_on, blank_cd_r,
                                        put_away),
        cmocka_unit_test_setup_teardown(a_blank_disc_can_be_kept_too, blank_cd_r, put_away),
        cmocka_unit_test(a_snapshot_survives_the_turning_of_a_full_log),
        cmocka_unit_test(a_snapshot_is_found_again_by_the_next_to_open_the_disc),
        cmocka_unit_test(the_cost_does_not_depend_on_the_blocks),
        cmocka_unit_test_setup_teardown(a_snapshot_without_memory_leaves_the_one_before, blank_cd_r,
                                        put_away),
        cmocka_unit_test(opening_a_disc_with_a_snapshot_without_memory_fails_cleanly),
        cmocka_unit_test(after_an_io_error_nothing_is_kept_or_brought_back),
        cmocka_unit_test(the_snapshot_in_the_log_is_as_documented),
        cmocka_unit_test(a_snapshot_that_contradicts_the_disc_is_damage),
        cmocka_unit_test(a_state_that_would_write_over_its_snapshot_is_damage),
        cmocka_unit_test(a_file_too_short_for_its_snapshot_has_been_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

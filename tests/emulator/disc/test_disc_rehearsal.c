/* SPDX-License-Identifier: MIT */
/* A rehearsal: all answers of a burn, and a store that does not change by a byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/store/alloc_fault.h"
#include "emulator/store/cut_store.h"
#include "fixture.h"
#include "script.h"

struct bench {
    struct cut_store cut; /* counts what reaches the store */
    struct vcdr_disc *disc;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    struct vcdr_geometry geometry;

    assert_non_null(b);
    cut_init(&b->cut);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_RW, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(cut_store(&b->cut), &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(cut_store(&b->cut), &b->disc), VCDR_OK);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    assert_int_equal(vcdr_disc_close(b->disc), VCDR_OK);
    cut_free(&b->cut);
    free(b);
    return 0;
}

/* What a disc says of itself, but for the generation, which only grows. */
static void assert_same_state(struct vcdr_disc *disc, char *expected)
{
    char *got = script_state(disc);

    assert_string_equal(got, expected);
    free(got);
    free(expected);
}

static void a_rehearsed_burn_answers_as_a_burn(void **state)
{
    struct bench *b = *state;
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    struct vcdr_disc *burned;

    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_RW, &geometry), VCDR_OK);
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &burned), VCDR_OK);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    assert_true(vcdr_disc_info(b->disc)->rehearsal);
    for (unsigned i = 0; i < burn_script_steps; i++) {
        assert_int_equal(burn_script[i].run(burned), VCDR_OK);
        assert_int_equal(burn_script[i].run(b->disc), VCDR_OK);
        assert_same_state(b->disc, script_state(burned));
    }
    assert_int_equal(vcdr_disc_close(burned), VCDR_OK);
}

static void a_session_at_once_is_rehearsed_like_tracks(void **state)
{
    struct bench *b = *state;
    char *before = script_state(b->disc);
    size_t writes = b->cut.count;
    uint8_t sector[2352];

    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    for (unsigned i = 0; i < at_once_script_steps; i++)
        assert_int_equal(at_once_script[i].run(b->disc), VCDR_OK);
    assert_int_equal(session_of_disc(b->disc, 1).lead_out_lba, 750);
    assert_int_equal(vcdr_disc_read_raw(b->disc, 0, 1, sector, NULL), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_cd_text(b->disc, 2, 0, 0, sector), VCDR_ENOENT);
    vcdr_disc_rehearsal_end(b->disc);
    assert_int_equal(b->cut.count, writes);
    assert_same_state(b->disc, before);
}

static void a_rehearsal_writes_not_a_byte(void **state)
{
    struct bench *b = *state;
    char *before = script_state(b->disc);
    size_t writes = b->cut.count, flushed = b->cut.flushed;

    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    for (unsigned i = 0; i < burn_script_steps; i++)
        assert_int_equal(burn_script[i].run(b->disc), VCDR_OK);
    assert_int_equal(vcdr_disc_blank(b->disc), VCDR_OK);
    vcdr_disc_rehearsal_end(b->disc);
    assert_int_equal(b->cut.count, writes);
    assert_int_equal(b->cut.flushed, flushed);
    assert_false(vcdr_disc_info(b->disc)->rehearsal);
    assert_same_state(b->disc, before);
}

static void a_rehearsal_ends_in_the_state_before(void **state)
{
    struct bench *b = *state;
    uint8_t sector[2352];
    char *before;

    burn_track(b->disc, 0, 310, 1);
    before = script_state(b->disc);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    burn_track(b->disc, 0, 400, 2);
    assert_int_equal(vcdr_disc_close_session(b->disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_info(b->disc)->status, VCDR_DISC_COMPLETE);
    vcdr_disc_rehearsal_end(b->disc);
    assert_same_state(b->disc, before);
    burn_track(b->disc, 0, 300, 3); /* and a true burn goes where the rehearsed one went */
    assert_int_equal(vcdr_disc_read_raw(b->disc, 310 + 152, 1, sector, NULL), VCDR_OK);
    assert_int_equal(sector[0], 3);
}

/* The open track is real, what is added to it is not. */
static void a_rehearsal_goes_on_in_an_open_track(void **state)
{
    struct bench *b = *state;

    assert_int_equal(open_next_track(b->disc, 0), VCDR_OK);
    assert_int_equal(write_fill(b->disc, 20, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    assert_int_equal(nwa_of(b->disc, 1), 20);
    assert_int_equal(write_fill(b->disc, 50, 2), VCDR_OK);
    assert_int_equal(nwa_of(b->disc, 1), 70);
    assert_int_equal(vcdr_disc_close_track(b->disc), VCDR_OK);
    vcdr_disc_rehearsal_end(b->disc);
    assert_int_equal(nwa_of(b->disc, 1), 20);
    assert_int_equal(write_fill(b->disc, 300, 3), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(b->disc), VCDR_OK);
    assert_int_equal(track_of_disc(b->disc, 1).written, 320);
}

static void what_was_recorded_before_can_be_read_and_nothing_else(void **state)
{
    struct bench *b = *state;
    uint8_t sector[2352];

    burn_track(b->disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    burn_track(b->disc, 8, 300, 2);
    assert_int_equal(vcdr_disc_read_raw(b->disc, 309, 1, sector, NULL), VCDR_OK);
    assert_int_equal(sector[0], 1);
    assert_int_equal(vcdr_disc_read_raw(b->disc, 462, 1, sector, NULL), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_read_user(b->disc, 462, 1, sector, NULL), VCDR_EADDRESS);
}

static void a_rehearsal_fills_the_disc_as_a_burn_does(void **state)
{
    struct bench *b = *state;

    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    assert_int_equal(open_next_track(b->disc, 0), VCDR_OK);
    assert_int_equal(write_fill(b->disc, 359847, 1), VCDR_OK);
    assert_int_equal(write_fill(b->disc, 1, 1), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_close_track(b->disc), VCDR_OK);
    vcdr_disc_rehearsal_end(b->disc);
    assert_int_equal(free_of(b->disc, 1), 359847);
}

static void there_is_one_rehearsal_at_a_time(void **state)
{
    struct bench *b = *state;

    vcdr_disc_rehearsal_end(b->disc); /* of none: nothing */
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_snapshot(b->disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_reset(b->disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_restore(b->disc), VCDR_ESTATE);
    vcdr_disc_rehearsal_end(b->disc);
    assert_int_equal(vcdr_disc_restore(b->disc), VCDR_ENOENT);
}

static void a_snapshot_outlives_a_rehearsal(void **state)
{
    struct bench *b = *state;

    burn_track(b->disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_snapshot(b->disc), VCDR_OK);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    assert_int_equal(vcdr_disc_blank(b->disc), VCDR_OK);
    burn_track(b->disc, 0, 400, 2);
    vcdr_disc_rehearsal_end(b->disc);
    assert_int_equal(vcdr_disc_blank(b->disc), VCDR_OK);
    assert_int_equal(vcdr_disc_restore(b->disc), VCDR_OK);
    assert_int_equal(track_of_disc(b->disc, 1).written, 310);
}

/* Closing makes the real open track durable, and nothing of the rehearsed one. */
static void closing_and_a_power_cut_end_a_rehearsal(void **state)
{
    struct bench *b = *state;

    assert_int_equal(open_next_track(b->disc, 0), VCDR_OK);
    assert_int_equal(write_fill(b->disc, 20, 1), VCDR_OK);
    for (int cut = 0; cut < 2; cut++) {
        assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
        assert_int_equal(write_fill(b->disc, 50, 2), VCDR_OK);
        if (cut)
            vcdr_disc_abandon(b->disc);
        else
            assert_int_equal(vcdr_disc_close(b->disc), VCDR_OK);
        assert_int_equal(vcdr_disc_open(cut_store(&b->cut), &b->disc), VCDR_OK);
        assert_false(vcdr_disc_info(b->disc)->rehearsal);
        assert_int_equal(nwa_of(b->disc, 1), 20);
    }
}

static void the_generation_never_runs_back(void **state)
{
    struct bench *b = *state;
    uint64_t before = vcdr_disc_info(b->disc)->generation, during;

    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
    during = vcdr_disc_info(b->disc)->generation;
    assert_true(during > before);
    burn_track(b->disc, 0, 300, 1);
    during = vcdr_disc_info(b->disc)->generation;
    vcdr_disc_rehearsal_end(b->disc);
    assert_true(vcdr_disc_info(b->disc)->generation > during);
}

static void without_memory_there_is_no_rehearsal(void **state)
{
    struct bench *b = *state;
    size_t writes = b->cut.count;

    alloc_fail_at(1);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_ENOMEM);
    alloc_fail_at(0);
    assert_false(vcdr_disc_info(b->disc)->rehearsal);
    burn_track(b->disc, 0, 300, 1); /* true */
    assert_true(b->cut.count > writes);
    assert_int_equal(vcdr_disc_rehearse(b->disc), VCDR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_rehearsed_burn_answers_as_a_burn),
        TEST(a_session_at_once_is_rehearsed_like_tracks),
        TEST(a_rehearsal_writes_not_a_byte),
        TEST(a_rehearsal_ends_in_the_state_before),
        TEST(a_rehearsal_goes_on_in_an_open_track),
        TEST(what_was_recorded_before_can_be_read_and_nothing_else),
        TEST(a_rehearsal_fills_the_disc_as_a_burn_does),
        TEST(there_is_one_rehearsal_at_a_time),
        TEST(a_snapshot_outlives_a_rehearsal),
        TEST(closing_and_a_power_cut_end_a_rehearsal),
        TEST(the_generation_never_runs_back),
        TEST(without_memory_there_is_no_rehearsal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

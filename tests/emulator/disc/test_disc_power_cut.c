/* SPDX-License-Identifier: MIT */
/*
 * A short burn, cut at every operation of its store, with every kind of survival of what was not
 * flushed. What is found afterwards must be the state after one of the steps from the last durable
 * one on, with its data; and the burn must be able to go on, through a second cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vcdr/codes.h>

#include "emulator/disc/disc_private.h"
#include "emulator/store/cut_store.h"
#include "script.h"

enum { MAX_STEPS = 64, SEEDS = 12, FEW_SEEDS = 5 };

static void new_disc(struct cut_store *cut, enum vcdr_medium medium)
{
    struct vcdr_geometry geometry;

    cut_init(cut);
    assert_int_equal(vcdr_geometry_by_name("74min", medium, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(cut_store(cut), &geometry, 1), VCDR_OK);
    cut->ops = 0;
}

static struct vcdr_disc *must_open(struct cut_store *cut)
{
    struct vcdr_disc *disc = NULL;

    assert_int_equal(vcdr_disc_open(cut_store(cut), &disc), VCDR_OK);
    return disc;
}

/* The states that a kill right after each step leaves, [0] before the first. Returns the number of
 * operations of the whole script. */
static unsigned reference_states(const struct script_step *steps, unsigned count,
                                 enum vcdr_medium medium, char *states[MAX_STEPS])
{
    struct cut_store cut;
    struct vcdr_disc *disc;
    unsigned ops;

    new_disc(&cut, medium);
    disc = must_open(&cut);
    for (unsigned i = 0; i <= count; i++) {
        struct cut_store killed;
        struct vcdr_disc *found;

        if (i > 0)
            assert_int_equal(steps[i - 1].run(disc), VCDR_OK);
        cut_after(&killed, &cut, 0);
        found = must_open(&killed);
        states[i] = script_state(found);
        vcdr_disc_abandon(found);
        cut_free(&killed);
    }
    ops = cut.ops;
    vcdr_disc_abandon(disc);
    cut_free(&cut);
    return ops;
}

/* Runs the script until the store dies; *durable is the last step known to be durable, the return
 * value the one that failed, both counted from 1. */
static unsigned burn_until_cut(struct cut_store *cut, const struct script_step *steps,
                               unsigned count, unsigned *durable)
{
    struct vcdr_disc *disc = must_open(cut);
    unsigned i;

    *durable = 0;
    for (i = 1; i <= count; i++) {
        if (steps[i - 1].run(disc) != VCDR_OK)
            break;
        if (steps[i - 1].durable)
            *durable = i;
    }
    vcdr_disc_abandon(disc);
    return i;
}

static int go_on(struct vcdr_disc *disc)
{
    const struct vcdr_track_parameters parameters = {.control = 0, .block_type = 0};
    int rc = VCDR_OK;

    struct vcdr_session session;

    assert_int_equal(vcdr_disc_session(disc, vcdr_disc_info(disc)->sessions, &session), VCDR_OK);
    if (vcdr_disc_info(disc)->status == VCDR_DISC_COMPLETE ||
        session.state == VCDR_SESSION_DAMAGED) /* nothing goes on here */
        return VCDR_OK;
    if (vcdr_disc_info(disc)->open_track > 0) {
        rc = script_write(disc, 20);
        if (rc == VCDR_OK)
            rc = vcdr_disc_close_track(disc);
    }
    if (rc == VCDR_OK)
        rc = vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks + 1U, &parameters);
    if (rc == VCDR_OK)
        rc = script_write(disc, 40);
    if (rc == VCDR_OK)
        rc = vcdr_disc_flush(disc);
    if (rc == VCDR_OK)
        rc = script_write(disc, 3);
    return rc == VCDR_OK ? vcdr_disc_close_track(disc) : rc;
}

/* Burns on after a cut, is cut again, and the disc is still sound; then to the end. */
static void check_going_on(const struct cut_store *after, unsigned seed)
{
    struct cut_store again, found_store;
    struct vcdr_disc *disc, *found;

    cut_after(&again, after, 0);
    again.dies_at = 1 + seed % 19;
    disc = must_open(&again);
    go_on(disc);
    vcdr_disc_abandon(disc);
    cut_after(&found_store, &again, seed + 100);
    found = must_open(&found_store);
    script_check_data(found);
    assert_int_equal(go_on(found), VCDR_OK);
    script_check_data(found);
    vcdr_disc_abandon(found);
    cut_free(&found_store);
    cut_free(&again);
}

static void check_cut(const struct script_step *steps, unsigned count, enum vcdr_medium medium,
                      char *const states[], unsigned at, unsigned seed)
{
    struct cut_store cut, after;
    unsigned durable, failed, i;
    struct vcdr_disc *found;
    char *state;

    new_disc(&cut, medium);
    cut.dies_at = at;
    failed = burn_until_cut(&cut, steps, count, &durable);
    cut_after(&after, &cut, seed);
    found = must_open(&after);
    state = script_state(found);
    for (i = durable; i <= failed && i <= count; i++)
        if (strcmp(state, states[i]) == 0)
            break;
    if (i > failed || i > count)
        fail_msg("cut at operation %u (step \"%s\"), seed %u: found\n%sbut durable was\n%s", at,
                 steps[failed <= count ? failed - 1 : count - 1].name, seed, state,
                 states[durable]);
    script_check_data(found);
    free(state);
    vcdr_disc_abandon(found);
    if (seed % 4 == 3)
        check_going_on(&after, seed + at);
    found = must_open(&after);
    if (vcdr_disc_info(found)->snapshot) {
        assert_int_equal(vcdr_disc_restore(found), VCDR_OK);
        script_check_data(found);
    }
    vcdr_disc_abandon(found);
    cut_free(&after);
    cut_free(&cut);
}

static void check_every_cut(const struct script_step *steps, unsigned count,
                            enum vcdr_medium medium, unsigned seeds)
{
    char *states[MAX_STEPS];
    unsigned ops = reference_states(steps, count, medium, states);

    assert_true(ops > 20);
    for (unsigned at = 1; at <= ops; at++)
        for (unsigned seed = 0; seed < seeds; seed++)
            check_cut(steps, count, medium, states, at, seed);
    for (unsigned i = 0; i <= count; i++)
        free(states[i]);
}

static void a_burn_survives_a_power_cut_at_every_operation(void **state)
{
    (void)state;
    check_every_cut(burn_script, burn_script_steps, VCDR_MEDIUM_CD_R, SEEDS);
}

static void sessions_at_once_survive_a_power_cut_at_every_operation(void **state)
{
    (void)state;
    check_every_cut(at_once_script, at_once_script_steps, VCDR_MEDIUM_CD_R, FEW_SEEDS);
}

/* ---- a log that fills up, and a disc that is blanked ---- */

static int open_track(struct vcdr_disc *disc)
{
    const struct vcdr_track_parameters parameters = {.control = 0, .block_type = 0};

    return vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks + 1U, &parameters);
}

static int write_and_flush(struct vcdr_disc *disc)
{
    int rc = script_write(disc, 1);

    return rc == VCDR_OK ? vcdr_disc_flush(disc) : rc;
}

/* Two complete tracks and an open one, and a log whose next record meets the end of its area. */
static void new_full_log(struct cut_store *cut, enum vcdr_medium medium)
{
    struct vcdr_disc *disc;

    new_disc(cut, medium);
    disc = must_open(cut);
    for (unsigned track = 1; track <= 3; track++) {
        assert_int_equal(open_track(disc), VCDR_OK);
        assert_int_equal(script_write(disc, 2), VCDR_OK);
        if (track < 3)
            assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    }
    while (disc->log.next < AREA_RECORDS)
        assert_int_equal(write_and_flush(disc), VCDR_OK);
    vcdr_disc_abandon(disc);
}

static const struct script_step rotation_script[] = {
    {"flush", true, write_and_flush},       {"flush", true, write_and_flush},
    {"flush", true, write_and_flush},       {"flush", true, write_and_flush},
    {"close", true, vcdr_disc_close_track},
};

static void a_log_changes_its_area_whole_or_not_at_all(void **state)
{
    enum { STEPS = sizeof(rotation_script) / sizeof(rotation_script[0]) };
    struct cut_store full;
    struct vcdr_disc *disc;
    char *states[STEPS + 1];
    unsigned ops;

    (void)state;
    new_full_log(&full, VCDR_MEDIUM_CD_R);
    for (unsigned at = 0, total = 1; at <= total; at++) { /* at 0: no cut, the reference */
        for (unsigned seed = 0; seed < (at ? SEEDS : 1u); seed++) {
            struct cut_store cut, after;
            unsigned i, durable = 0;
            char *found_state;

            cut_after(&cut, &full, 0);
            cut.dies_at = at;
            disc = must_open(&cut);
            if (at == 0)
                states[0] = script_state(disc);
            for (i = 1; i <= STEPS && rotation_script[i - 1].run(disc) == VCDR_OK; i++) {
                durable = i;
                if (at == 0)
                    states[i] = script_state(disc);
            }
            ops = cut.ops;
            vcdr_disc_abandon(disc);
            cut_after(&after, &cut, seed);
            disc = must_open(&after);
            found_state = script_state(disc);
            if (strcmp(found_state, states[durable]) != 0 &&
                (durable == STEPS || strcmp(found_state, states[durable + 1]) != 0))
                fail_msg("cut at %u, seed %u: found\n%s", at, seed, found_state);
            script_check_data(disc);
            free(found_state);
            vcdr_disc_abandon(disc);
            cut_free(&after);
            cut_free(&cut);
        }
        if (at == 0)
            total = ops;
    }
    for (unsigned i = 0; i <= STEPS; i++)
        free(states[i]);
    cut_free(&full);
}

static int close_session(struct vcdr_disc *disc)
{
    return vcdr_disc_close_session(disc, true, false);
}

static int write_few(struct vcdr_disc *disc)
{
    return script_write(disc, 5);
}

static const struct script_step blank_script[] = {
    {"open", false, open_track},
    {"write", false, write_few},
    {"close", true, vcdr_disc_close_track},
    {"close session", true, close_session},
    {"blank", true, vcdr_disc_blank},
    {"open", false, open_track},
    {"write", false, write_few},
    {"flush", true, vcdr_disc_flush},
    {"blank with a track open", true, vcdr_disc_blank},
    {"open", false, open_track},
    {"close", true, vcdr_disc_close_track},
};

static void blanking_survives_a_power_cut_at_every_operation(void **state)
{
    (void)state;
    check_every_cut(blank_script, sizeof(blank_script) / sizeof(blank_script[0]), VCDR_MEDIUM_CD_RW,
                    SEEDS);
}

static const struct script_step snapshot_script[] = {
    {"open", false, open_track},
    {"write", false, write_few},
    {"flush", true, vcdr_disc_flush}, /* the snapshot would do it, a step of its own */
    {"snapshot with a track open", true, vcdr_disc_snapshot},
    {"write", false, write_few},
    {"close", true, vcdr_disc_close_track},
    {"restore", true, vcdr_disc_restore},
    {"write", false, write_few},
    {"close", true, vcdr_disc_close_track},
    {"reset", true, vcdr_disc_reset},
    {"open", false, open_track},
    {"write", false, write_few},
    {"flush", true, vcdr_disc_flush},
    {"restore", true, vcdr_disc_restore},
    {"reset", true, vcdr_disc_reset},
    {"open", false, open_track},
    {"write", false, write_few},
    {"close", true, vcdr_disc_close_track},
    {"snapshot", true, vcdr_disc_snapshot},
    {"reset", true, vcdr_disc_reset},
};

/* After each cut the snapshot that is found can be gone back to, with its data (check_cut). */
static void snapshots_survive_a_power_cut_at_every_operation(void **state)
{
    (void)state;
    check_every_cut(snapshot_script, sizeof(snapshot_script) / sizeof(snapshot_script[0]),
                    VCDR_MEDIUM_CD_R, SEEDS);
}

static int give_up(struct vcdr_disc *disc)
{
    return vcdr_disc_interrupt_session(disc);
}

static const struct script_step snapshot_at_once_script[] = {
    {"open session", false, script_open_session},
    {"write the audio", false, script_write_session},
    {"flush", true, vcdr_disc_flush},
    {"snapshot with a session open", true, vcdr_disc_snapshot},
    {"write the data", false, script_write_session},
    {"close session", true, close_session},
    {"restore: damaged", true, vcdr_disc_restore},
    {"reset", true, vcdr_disc_reset},
    {"open session in the other region", false, script_open_session},
    {"write the audio", false, script_write_session},
    {"write the data", false, script_write_session},
    {"close session", true, close_session},
    {"snapshot", true, vcdr_disc_snapshot},
    {"open session 2", false, script_open_session},
    {"write the audio", false, script_write_session},
    {"give it up", true, give_up},
    {"restore", true, vcdr_disc_restore},
    {"open raw session 2", false, script_open_raw},
    {"write", false, script_write_session},
    {"close it", true, script_close_raw},
    {"restore", true, vcdr_disc_restore},
};

static void snapshots_of_sessions_at_once_survive_it_too(void **state)
{
    (void)state;
    check_every_cut(snapshot_at_once_script,
                    sizeof(snapshot_at_once_script) / sizeof(snapshot_at_once_script[0]),
                    VCDR_MEDIUM_CD_R, FEW_SEEDS);
}

/* An attempt to change areas that was torn leaves records of the generation that the next attempt
 * uses again; they must not come to life behind its fewer records. */
static void records_of_a_torn_change_of_area_stay_dead(void **state)
{
    struct cut_store full;

    (void)state;
    new_full_log(&full, VCDR_MEDIUM_CD_RW);
    for (unsigned at = 1; at <= 8; at++) {
        for (unsigned seed = 0; seed < 40; seed++) {
            struct cut_store cut, after;
            struct vcdr_disc *disc;

            cut_after(&cut, &full, 0);
            cut.dies_at = at;
            disc = must_open(&cut);
            write_and_flush(disc);
            vcdr_disc_abandon(disc);
            cut_after(&after, &cut, seed);
            disc = must_open(&after);
            assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
            vcdr_disc_abandon(disc);
            disc = must_open(&after);
            assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
            vcdr_disc_abandon(disc);
            cut_free(&after);
            cut_free(&cut);
        }
    }
    cut_free(&full);
}

static void creating_is_cut_and_leaves_no_disc_or_a_blank_one(void **state)
{
    struct vcdr_geometry geometry;

    (void)state;
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    for (unsigned at = 1; at < 80; at++) {
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            struct cut_store cut, after;
            struct vcdr_disc *disc;
            int rc;

            cut_init(&cut);
            cut.dies_at = at;
            rc = vcdr_disc_create(cut_store(&cut), &geometry, 9);
            cut_after(&after, &cut, seed);
            if (vcdr_disc_open(cut_store(&after), &disc) == VCDR_OK) {
                assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
                assert_int_equal(vcdr_disc_info(disc)->serial, 9);
                vcdr_disc_abandon(disc);
            } else {
                assert_int_not_equal(rc, VCDR_OK);
            }
            cut_free(&after);
            cut_free(&cut);
        }
    }
}

/* A process dies between the last record and its flush, another opens what can be read, the power
 * fails. What the second one was told must hold. */
static void what_a_dead_process_did_not_flush_is_durable_once_it_has_been_read(void **state)
{
    static const struct vcdr_track_parameters audio = {.control = 0, .block_type = BLOCK_TYPE_RAW};
    static const uint8_t samples[300 * 2352];
    struct cut_store cut, after;
    struct vcdr_track track;
    struct vcdr_disc *disc;

    (void)state;
    new_disc(&cut, VCDR_MEDIUM_CD_R);
    disc = must_open(&cut);
    assert_int_equal(vcdr_disc_open_track(disc, 1, &audio), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, samples, 300), VCDR_OK);
    cut.dies_at = cut.ops + 3; /* flush, record, and the flush that fails */
    cut.fail_once = true;
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_EIO);
    vcdr_disc_abandon(disc);

    disc = must_open(&cut);
    assert_int_equal(vcdr_disc_track(disc, 1, &track), VCDR_OK);
    assert_int_equal(track.state, VCDR_TRACK_COMPLETE);
    vcdr_disc_abandon(disc);
    cut_after(&after, &cut, 1);
    disc = must_open(&after);
    assert_int_equal(vcdr_disc_track(disc, 1, &track), VCDR_OK);
    assert_int_equal(track.state, VCDR_TRACK_COMPLETE);
    vcdr_disc_abandon(disc);
    cut_free(&after);
    cut_free(&cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_dead_process_did_not_flush_is_durable_once_it_has_been_read),
        cmocka_unit_test(a_burn_survives_a_power_cut_at_every_operation),
        cmocka_unit_test(sessions_at_once_survive_a_power_cut_at_every_operation),
        cmocka_unit_test(snapshots_of_sessions_at_once_survive_it_too),
        cmocka_unit_test(a_log_changes_its_area_whole_or_not_at_all),
        cmocka_unit_test(snapshots_survive_a_power_cut_at_every_operation),
        cmocka_unit_test(blanking_survives_a_power_cut_at_every_operation),
        cmocka_unit_test(records_of_a_torn_change_of_area_stay_dead),
        cmocka_unit_test(creating_is_cut_and_leaves_no_disc_or_a_blank_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

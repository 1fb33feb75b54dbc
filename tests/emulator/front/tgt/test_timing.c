/* SPDX-License-Identifier: MIT */
/* Drives in real time (docs/timing.md) in a daemon: its timer moves them on, its loop goes on. The
 * only times that are looked at are those that must have passed, which no load can break. */
#include "world.h"

#include <string.h>
#include <time.h>

static const uint8_t reserve_track[10] = {0x53, [7] = 0x01, [8] = 0x2C}; /* 300 blocks; 1 s */

/* Drive 0 takes its time, drive 1 does not. */
static int make(void **state)
{
    struct world *world = test_malloc(sizeof(*world));

    world_make(world, 2);
    world->drives[0].timing = "real";
    world_start(world);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    world_stop(world);
    world_remove(world);
    test_free(world);
    return 0;
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void an_answer_waits_for_the_drive(void **state)
{
    struct initiator *initiator = log_in_ready(*state, 0, "slow");
    uint64_t began = now_ms();

    assert_int_equal(initiator_execute(initiator, 0, reserve_track, 10, NULL, 0, NULL, 0).status,
                     0);
    assert_true(now_ms() - began >= 1000);
    initiator_logout(initiator);
}

/* The command whose answer takes longest: 11250 blocks of lead-in and lead-out. */
static struct initiator *close_session(struct world *world)
{
    static const uint8_t synchronize[10] = {0x35}, close[10] = {0x5B, 0, 0x02};
    struct initiator *slow = log_in_ready(world, 0, "slow");

    write_audio(slow, 300);
    assert_int_equal(initiator_execute(slow, 0, synchronize, 10, NULL, 0, NULL, 0).status, 0);
    assert_true(initiator_send(slow, close, 10, 0));
    return slow;
}

static void others_are_served_meanwhile(void **state)
{
    struct initiator *slow = log_in_ready(*state, 0, "slow");
    struct initiator *other = log_in_ready(*state, 0, "other");
    struct initiator *second = log_in_ready(*state, 1, "second");

    assert_true(initiator_send(slow, reserve_track, 10, 0));
    /* long write in progress, to whoever asks the busy drive: as soon as it is at it */
    while (test_unit_ready(other).sense != 0x020407)
        continue;
    assert_int_equal(initiator_execute(second, 0, reserve_track, 10, NULL, 0, NULL, 0).status, 0);
    assert_int_equal(test_unit_ready(other).sense, 0x020407);
    initiator_hang_up(slow); /* without an answer */
    initiator_logout(other);
    initiator_logout(second);
}

static void what_falls_due_happens_with_nobody_asking(void **state)
{
    static const uint8_t synchronize_at_once[10] = {0x35, 0x02};
    struct world *world = *state;
    struct initiator *initiator = log_in_ready(world, 0, "slow");

    write_audio(initiator, 300);
    assert_int_equal(
        initiator_execute(initiator, 0, synchronize_at_once, 10, NULL, 0, NULL, 0).status, 0);
    assert_int_equal(record_count(world, "\"event\":\"track-closed\""), 0);
    record_await(world, "\"event\":\"track-closed\"", 1);
    record_await(world, "\"from\":\"closing-track\",\"to\":\"idle\"", 1);
    initiator_logout(initiator);
}

/* A reset ends a command that is held back for its time. */
static void a_reset_does_not_wait_for_the_drive(void **state)
{
    struct world *world = *state;
    struct initiator *other = log_in_ready(world, 0, "other");
    struct initiator *slow = close_session(world);

    while (test_unit_ready(other).sense != 0x020408)
        continue;
    assert_true(initiator_reset_unit(other));
    assert_int_equal(test_unit_ready(other).sense, 0x062900);
    initiator_hang_up(slow);
    initiator_logout(other);
}

#define TIMED(test) cmocka_unit_test_setup_teardown(test, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TIMED(an_answer_waits_for_the_drive),
        TIMED(others_are_served_meanwhile),
        TIMED(what_falls_due_happens_with_nobody_asking),
        TIMED(a_reset_does_not_wait_for_the_drive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

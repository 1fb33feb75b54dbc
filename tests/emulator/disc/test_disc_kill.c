/* SPDX-License-Identifier: MIT */
/* A process that burns to a real file is killed (SIGKILL); what it had synchronized is there. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "script.h"

static char path[] = "vcdr-kill-XXXXXX";

static struct vcdr_disc *open_file(unsigned flags)
{
    struct vcdr_store store;
    struct vcdr_disc *disc = NULL;

    if (vcdr_store_file(path, flags, &store) == VCDR_OK && vcdr_disc_open(store, &disc) != VCDR_OK)
        store.ops->close(store.ctx);
    return disc;
}

static uint8_t complete_tracks(const struct vcdr_disc *disc)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);

    return (uint8_t)(info->tracks - (info->open_track > 0));
}

/* Burns tracks until it is killed; says after each step how many tracks are durable. */
static void burn_and_tell(int to)
{
    struct vcdr_disc *disc = open_file(0);
    uint8_t tracks = disc ? complete_tracks(disc) : 0;

    while (disc && write(to, &tracks, 1) == 1) {
        bool open = vcdr_disc_info(disc)->open_track > 0;

        if ((!open && open_next_track(disc, 0) != VCDR_OK) || script_write(disc, 50) != VCDR_OK ||
            write(to, &tracks, 1) != 1 || script_write(disc, 20) != VCDR_OK ||
            vcdr_disc_close_track(disc) != VCDR_OK)
            break;
        tracks++;
    }
    _exit(1);
}

/* Kills it when it has spoken so many times; returns the tracks that it spoke of last. */
static uint8_t burn_killed_after(unsigned words)
{
    uint8_t tracks = 0;
    int ends[2], status;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        burn_and_tell(ends[1]);
    close(ends[1]);
    for (; words > 0; words--)
        assert_int_equal(read(ends[0], &tracks, 1), 1);
    assert_int_equal(kill(pid, SIGKILL), 0);
    while (read(ends[0], &tracks, 1) == 1) /* what it said before it died */
        ;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    close(ends[0]);
    return tracks;
}

static void what_was_synchronized_survives_a_kill(void **state)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_store_file(path, VCDR_STORE_CREATE, &store), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), VCDR_OK);
    store.ops->close(store.ctx);
    for (unsigned round = 0; round < 20; round++) {
        uint8_t told = burn_killed_after(1 + round % 4);
        struct vcdr_disc *disc = open_file(0);
        unsigned complete;

        assert_non_null(disc);
        complete = complete_tracks(disc);
        assert_true(complete == told || complete == told + 1u); /* it may have died before a word */
        script_check_data(disc);
        assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_synchronized_survives_a_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

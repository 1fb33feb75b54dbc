/* SPDX-License-Identifier: MIT */
/* Who holds the drive, as a second initiator sees it: before, during, after, and when the holder
 * dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/pair/pair.h"
#include "api/mmc/cdb.h"
#include "api/mmc/track_information.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vcdr/codes.h>

#define SECONDS_OF_AUDIO 20

static HRESULT burn_one(IDiscFormat2TrackAtOnce *format, void (*fn)(void *), void *ctx)
{
    uint64_t bytes = (uint64_t)SECONDS_OF_AUDIO * 176400;
    IStream *stream = pair_stream(1, bytes);
    pair_stream_call(stream, bytes / 2, fn, ctx);
    HRESULT hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
    IStream_Release(stream);
    return hr;
}

static void assert_held(void *ctx)
{
    pair_assert_owner(ctx, "First Burner 1.0");
}

static void a_second_initiator_sees_the_owner_before_during_and_after(void **state)
{
    (void)state;
    struct pair pair;
    pair_start(&pair);
    IDiscRecorder2 *recorder = pair_recorder(&pair), *second = pair_recorder(&pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "First Burner 1.0");
    pair_assert_owner(second, "");
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(format), S_OK);
    pair_assert_owner(second, "First Burner 1.0");
    assert_int_equal(burn_one(format, assert_held, second), S_OK);
    pair_assert_owner(second, "First Burner 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
    pair_assert_owner(second, "");
    IDiscFormat2TrackAtOnce_Release(format);
    IDiscRecorder2_Release(recorder);
    IDiscRecorder2_Release(second);
    pair_stop(&pair);
}

static void a_second_initiator_cannot_prepare_what_the_first_holds(void **state)
{
    (void)state;
    struct pair pair;
    pair_start(&pair);
    IDiscRecorder2 *recorder = pair_recorder(&pair), *second = pair_recorder(&pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "First Burner 1.0");
    IDiscFormat2TrackAtOnce *other = pair_format(second, "Second Burner 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(format), S_OK);
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(other), E_IMAPI_RECORDER_LOCKED);
    pair_assert_owner(second, "First Burner 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(other), S_OK);
    pair_assert_owner(recorder, "Second Burner 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_ReleaseMedia(other), S_OK);
    IDiscFormat2TrackAtOnce_Release(format);
    IDiscFormat2TrackAtOnce_Release(other);
    IDiscRecorder2_Release(recorder);
    IDiscRecorder2_Release(second);
    pair_stop(&pair);
}

/* In the child, in the middle of a track: tells the parent, and waits to be killed. */
static void tell_and_wait(void *ctx)
{
    const int *pipe_end = ctx;
    if (write(*pipe_end, "!", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static void burn_until_killed(const struct pair *pair, int pipe_end)
{
    IDiscRecorder2 *recorder = pair_recorder(pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "Doomed Burner 1.0");
    if (IDiscFormat2TrackAtOnce_PrepareMedia(format) != S_OK)
        _exit(1);
    burn_one(format, tell_and_wait, &pipe_end);
    _exit(1);
}

/* The loss is an event of the network: waited for, ten seconds at the most. */
static bool becomes_free(IDiscRecorder2 *recorder)
{
    for (int i = 0; i < 5000; i++) {
        BSTR owner = NULL;
        struct timespec two_ms = {.tv_nsec = 2000000};
        assert_int_equal(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &owner), S_OK);
        UINT length = SysStringLen(owner);
        SysFreeString(owner);
        if (length == 0)
            return true;
        nanosleep(&two_ms, NULL);
    }
    return false;
}

static void assert_track_is_still_open(const struct pair *pair)
{
    struct transport *transport = pair_open(pair);
    uint8_t data[MMC_TRACK_INFORMATION_BYTES];
    struct mmc_track_information track;
    struct transport_task task;
    for (int i = 0; i < 4; i++) { /* unit attentions first */
        task = (struct transport_task){.in = data, .in_size = sizeof data};
        task.cdb_len =
            mmc_cdb_read_track_information(task.cdb, MMC_TRACK_BY_NUMBER, 1, sizeof data);
        assert_int_equal(transport_execute(transport, &task), TRANSPORT_OK);
        if (task.status == SAM_GOOD)
            break;
    }
    assert_int_equal(task.status, SAM_GOOD);
    assert_int_equal(mmc_track_information_parse(data, task.in_len, &track), MMC_OK);
    assert_true(track.has_next_writable);
    assert_true(track.next_writable_lba > 0);
    assert_false(track.blank);
    transport_close(transport);
}

static void assert_recorded_as_lost(const struct pair *pair)
{
    size_t size;
    char *record = (char *)pair_load(pair->record, &size);
    record = realloc(record, size + 1);
    assert_non_null(record);
    record[size] = '\0';
    char *lost = strstr(record, "\"event\":\"exclusive-lost\"");
    assert_non_null(lost);
    *strchr(lost, '\n') = '\0';
    assert_non_null(strstr(lost, "\"owner\":\"Doomed Burner 1.0\""));
    assert_non_null(strstr(lost, "\"cause\":\"nexus-lost\""));
    free(record);
}

static void
a_holder_that_is_killed_in_mid_track_loses_the_drive_and_the_track_stays_open(void **state)
{
    (void)state;
    struct pair pair;
    int pipe_ends[2];
    char byte;
    pair_start(&pair);
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0)
        burn_until_killed(&pair, pipe_ends[1]);
    close(pipe_ends[1]);
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    IDiscRecorder2 *second = pair_recorder(&pair);
    pair_assert_owner(second, "Doomed Burner 1.0");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_true(becomes_free(second));
    assert_recorded_as_lost(&pair);
    assert_track_is_still_open(&pair);
    BSTR name;
    assert_int_equal(imapi2_bstr_from_utf8("Heir 1.0", &name), S_OK);
    assert_int_equal(IDiscRecorder2_AcquireExclusiveAccess(second, VARIANT_FALSE, name), S_OK);
    SysFreeString(name);
    pair_assert_owner(second, "Heir 1.0");
    assert_int_equal(IDiscRecorder2_ReleaseExclusiveAccess(second), S_OK);
    IDiscRecorder2_Release(second);
    close(pipe_ends[0]);
    pair_stop(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_initiator_sees_the_owner_before_during_and_after),
        cmocka_unit_test(a_second_initiator_cannot_prepare_what_the_first_holds),
        cmocka_unit_test(
            a_holder_that_is_killed_in_mid_track_loses_the_drive_and_the_track_stays_open),
    };
    /* a process that dies takes its embedded drive along */
    const struct CMUnitTest embedded_tests[] = {tests[0], tests[1]};
    if (pair_is_iscsi())
        return cmocka_run_group_tests(tests, NULL, NULL);
    return cmocka_run_group_tests(embedded_tests, NULL, NULL);
}

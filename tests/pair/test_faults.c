/* SPDX-License-Identifier: MIT */
/*
 * What IMAPIv2 makes of a drive that fails: each fault has its code, after each the drive is free,
 * no call hangs, and the same object burns on or says why not. The same table for both drives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/pair/pair.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_OF_AUDIO 5
#define GONE HRESULT_FROM_WIN32(55) /* ERROR_DEV_NOT_EXIST: the connection or the drive is lost */
#define REFUSED E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE
#define TOO_LATE E_IMAPI_RECORDER_COMMAND_TIMEOUT
#define LOCKED E_IMAPI_RECORDER_LOCKED
#define NONSENSE E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE
#define NOT_PREPARED E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED
#define NOT_BLANK E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK

struct row {
    const char *fault;
    HRESULT prepare, add, add_another, release;
    HRESULT again; /* on another recorder, once the fault is over */
    bool waits;    /* over a wire the API waits until its patience ends */
    bool verify;   /* with IMAPI_BURN_VERIFICATION_QUICK */
};

/* Numbers: a WRITE(10) of a track has a first one; the first MODE SELECT locks. */
static const struct row rows[] = {
    {"op=WRITE(10) nth=2 do=sense:03/0C/00", S_OK, REFUSED, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=then-sense:03/0C/00", S_OK, REFUSED, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=deferred:03/0C/00", S_OK, REFUSED, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=status:BUSY", S_OK, S_OK, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=status:TASK_SET_FULL", S_OK, S_OK, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=status:RESERVATION_CONFLICT", S_OK, LOCKED, S_OK, S_OK,
     .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=status:TASK_ABORTED", S_OK, REFUSED, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=status:CHECK_CONDITION", S_OK, NONSENSE, S_OK, S_OK,
     .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=delay:300ms", S_OK, S_OK, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=lie", S_OK, REFUSED, S_OK, S_OK, .again = NOT_BLANK},
    {"op=WRITE(10) count=all do=lie", S_OK, REFUSED, REFUSED, S_OK, .again = S_OK},
    {"op=WRITE(10) nth=2 do=cut", S_OK, GONE, GONE, GONE, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=then-cut", S_OK, GONE, GONE, GONE, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=power", S_OK, GONE, GONE, GONE, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=then-power", S_OK, GONE, GONE, GONE, .again = NOT_BLANK},
    {"op=WRITE(10) nth=2 do=never", S_OK, TOO_LATE, GONE, GONE, .again = NOT_BLANK, .waits = true},
    {"op=WRITE(10) nth=2 do=delay:1000s", S_OK, TOO_LATE, GONE, GONE, .again = NOT_BLANK,
     .waits = true},
    {"op=SYNCHRONIZE_CACHE do=sense:04/44/00", S_OK, REFUSED, NONSENSE, S_OK, .again = NOT_BLANK},
    {"op=SYNCHRONIZE_CACHE do=status:BUSY", S_OK, S_OK, S_OK, S_OK, .again = NOT_BLANK},
    {"op=SYNCHRONIZE_CACHE do=cut", S_OK, GONE, GONE, GONE, .again = NOT_BLANK},
    {"op=SYNCHRONIZE_CACHE do=then-power", S_OK, GONE, GONE, GONE, .again = NOT_BLANK},
    {"op=SYNCHRONIZE_CACHE do=never", S_OK, TOO_LATE, GONE, GONE, .again = NOT_BLANK,
     .waits = true},
    {"op=CLOSE_TRACK do=sense:03/72/00", S_OK, S_OK, S_OK, REFUSED, .again = NOT_BLANK},
    {"op=CLOSE_TRACK do=then-sense:03/72/00", S_OK, S_OK, S_OK, REFUSED, .again = NOT_BLANK},
    {"op=CLOSE_TRACK do=status:RESERVATION_CONFLICT", S_OK, S_OK, S_OK, LOCKED, .again = NOT_BLANK},
    {"op=CLOSE_TRACK do=lie", S_OK, S_OK, S_OK, S_OK, .again = NOT_BLANK},
    {"op=CLOSE_TRACK do=lie", S_OK, S_OK, S_OK, E_IMAPI_BURN_VERIFICATION_FAILED,
     .again = NOT_BLANK, .verify = true},
    {"op=CLOSE_TRACK do=cut", S_OK, S_OK, S_OK, GONE, .again = NOT_BLANK},
    {"op=CLOSE_TRACK do=power", S_OK, S_OK, S_OK, GONE, .again = NOT_BLANK},
    {"op=CLOSE_TRACK do=lose", S_OK, S_OK, S_OK, TOO_LATE, .again = NOT_BLANK, .waits = true},
    {"op=MODE_SELECT do=sense:04/44/00", E_FAIL, NOT_PREPARED, NOT_PREPARED, NOT_PREPARED,
     .again = S_OK},
    {"op=MODE_SELECT do=then-sense:04/44/00", E_FAIL, NOT_PREPARED, NOT_PREPARED, NOT_PREPARED,
     .again = S_OK},
    {"op=MODE_SELECT do=then-status:BUSY", S_OK, S_OK, S_OK, S_OK, .again = NOT_BLANK},
    {"op=MODE_SELECT do=status:RESERVATION_CONFLICT", LOCKED, NOT_PREPARED, NOT_PREPARED,
     NOT_PREPARED, .again = S_OK},
    {"op=MODE_SELECT do=cut", GONE, NOT_PREPARED, NOT_PREPARED, NOT_PREPARED, .again = S_OK},
    {"op=MODE_SELECT do=then-cut", GONE, NOT_PREPARED, NOT_PREPARED, NOT_PREPARED, .again = S_OK},
    {"op=MODE_SELECT do=lose", TOO_LATE, NOT_PREPARED, NOT_PREPARED, NOT_PREPARED, .again = S_OK,
     .waits = true},
    /* the last one unlocks: tried once more, and the drive is free */
    {"op=MODE_SELECT nth=5 do=sense:04/44/00", S_OK, S_OK, S_OK, E_FAIL, .again = NOT_BLANK},
    {"op=READ_DISC_INFORMATION do=short:10", NONSENSE, NOT_PREPARED, NOT_PREPARED, NOT_PREPARED,
     .again = S_OK},
    {"op=READ_TRACK_INFORMATION nth=2 do=short:4", S_OK, NONSENSE, S_OK, S_OK, .again = NOT_BLANK},
    /* the next address does not move for the drive's table does not */
    {"op=READ_TRACK_INFORMATION nth=2 count=all do=stale", S_OK, REFUSED, REFUSED, S_OK,
     .again = NOT_BLANK},
};

static HRESULT add_track(IDiscFormat2TrackAtOnce *format)
{
    IStream *stream = pair_stream(1, (uint64_t)SECONDS_OF_AUDIO * 176400);
    HRESULT hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
    IStream_Release(stream);
    return hr;
}

static void check(const struct row *row, const char *call, HRESULT got, HRESULT expected)
{
    const char *name = imapi2_hresult_name(got), *wanted = imapi2_hresult_name(expected);
    if (got != expected)
        fail_msg("%s: %s: expected 0x%08X %s, got 0x%08X %s", row->fault, call, (unsigned)expected,
                 wanted != NULL ? wanted : "", (unsigned)got, name != NULL ? name : "");
}

static void verify_quickly(IDiscFormat2TrackAtOnce *format)
{
    IBurnVerification *verification;
    assert_int_equal(IDiscFormat2TrackAtOnce_QueryInterface(format, &IID_IBurnVerification,
                                                            (void **)&verification),
                     S_OK);
    assert_int_equal(
        IBurnVerification_put_BurnVerificationLevel(verification, IMAPI_BURN_VERIFICATION_QUICK),
        S_OK);
    IBurnVerification_Release(verification);
}

/* Whatever became of the first recorder, the object goes on with another one. */
static void burn_on(const struct row *row, struct pair *pair, IDiscFormat2TrackAtOnce *format)
{
    IDiscRecorder2 *fresh = pair_recorder(pair);
    pair_assert_owner(fresh, "");
    check(row, "put_Recorder", IDiscFormat2TrackAtOnce_put_Recorder(format, fresh), S_OK);
    check(row, "PrepareMedia again", IDiscFormat2TrackAtOnce_PrepareMedia(format), row->again);
    if (row->again == S_OK) {
        pair_assert_owner(fresh, "Burner 1.0");
        check(row, "AddAudioTrack again", add_track(format), S_OK);
        check(row, "ReleaseMedia again", IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
    }
    pair_assert_owner(fresh, "");
    IDiscRecorder2_Release(fresh);
}

static void assert_recorded(const struct pair *pair)
{
    size_t size;
    char *record = (char *)pair_load(pair->record, &size);
    record = realloc(record, size + 1);
    assert_non_null(record);
    record[size] = '\0';
    assert_non_null(strstr(record, "\"event\":\"fault\""));
    free(record);
}

static void go_through(const struct row *row)
{
    struct pair pair;
    pair_start_with(&pair, row->fault);
    IDiscRecorder2 *recorder = pair_recorder(&pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "Burner 1.0");
    if (row->verify)
        verify_quickly(format);
    check(row, "PrepareMedia", IDiscFormat2TrackAtOnce_PrepareMedia(format), row->prepare);
    check(row, "AddAudioTrack", add_track(format), row->add);
    check(row, "AddAudioTrack, another", add_track(format), row->add_another);
    check(row, "ReleaseMedia", IDiscFormat2TrackAtOnce_ReleaseMedia(format), row->release);
    assert_recorded(&pair);
    pair_end_faults(&pair, strstr(row->fault, "power") != NULL);
    burn_on(row, &pair, format);
    IDiscFormat2TrackAtOnce_Release(format);
    IDiscRecorder2_Release(recorder);
    pair_stop(&pair);
}

static void every_fault_has_its_code_and_leaves_the_drive_free(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!(rows[i].waits && pair_is_iscsi()))
            go_through(&rows[i]);
}

/* Each waits for ten seconds, a WRITE would for a minute: two of them, not executed and executed.
 */
static void an_answer_that_never_comes_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].fault, "op=SYNCHRONIZE_CACHE do=never") == 0 ||
            strcmp(rows[i].fault, "op=CLOSE_TRACK do=lose") == 0)
            go_through(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_its_code_and_leaves_the_drive_free),
        cmocka_unit_test(an_answer_that_never_comes_is_not_waited_for_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

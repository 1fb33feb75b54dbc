/* SPDX-License-Identifier: MIT */
/* DDiscFormat2TrackAtOnceEvents, and cancelling (reference: imapi2 2.6, 2.7 and 8, points 29 to
 * 33). */
#include <pthread.h>
#include "tests/api/imapi/support.h"

enum { PREPARING = 1, WRITING = 2, FINISHING = 3, VERIFYING = 4 };

static void updates_come_for_every_action_in_order(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_sink sink = {0};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_ptr_equal(sink.object, tao);
    assert_int_equal(sink.events[0].action, PREPARING);
    for (unsigned i = 1; i < sink.count; i++) {
        assert_true(sink.events[i].action >= sink.events[i - 1].action);
    }
    assert_true(sink_actions(&sink, PREPARING) == 1);
    assert_true(sink_actions(&sink, WRITING) >= 1);
    assert_true(sink_actions(&sink, FINISHING) >= 1);
    assert_true(sink_actions(&sink, VERIFYING) == 0);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void the_arguments_say_how_far_it_is(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_sink sink = {0};
    struct test_stream stream;
    struct test_event *last;

    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_int_equal(sink.events[0].track, 2);
    assert_int_equal(sink.events[0].start_lba, 452);
    assert_int_equal(sink.events[0].sectors, 400);
    assert_int_equal(sink.events[0].last_read, 451);
    assert_int_equal(sink.events[0].last_written, 451);
    assert_int_equal(sink.events[0].elapsed, 0);
    last = &sink.events[sink.count - 1];
    assert_int_equal(last->action, FINISHING);
    assert_int_equal(last->last_read, 851);
    assert_int_equal(last->last_written, 851);
    assert_int_equal(last->remaining, 0);
    for (unsigned i = 0; i < sink.count; i++) { /* from the first one on, however short the burn */
        assert_true(sink.events[i].total_buffer >= SECTOR);
        assert_int_equal(sink.events[i].total_buffer, last->total_buffer);
        assert_int_equal(sink.events[i].used_buffer + sink.events[i].free_buffer,
                         last->total_buffer);
    }
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void verifying_is_told_when_it_was_asked_for(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    IBurnVerification *verification;
    struct test_sink sink = {0};
    struct test_stream stream;

    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IBurnVerification, (void **)&verification),
              S_OK);
    assert_hr(verification->lpVtbl->put_BurnVerificationLevel(verification, 1), S_OK);
    RELEASE(verification);
    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_int_equal(sink.events[sink.count - 1].action, VERIFYING);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

/* What a handler is told of the disc's room, seen from each of its Updates. */
struct watcher {
    IDiscFormat2TrackAtOnce *tao;
    LONG free, used; /* from before the track */
};

static void watch_the_room(void *ctx, const struct test_event *event)
{
    struct watcher *watcher = ctx;
    LONG free = 0, used = 0;

    (void)event;
    assert_hr(watcher->tao->lpVtbl->get_FreeSectorsOnMedia(watcher->tao, &free), S_OK);
    assert_hr(watcher->tao->lpVtbl->get_UsedSectorsOnMedia(watcher->tao, &used), S_OK);
    assert_int_equal(free, watcher->free);
    assert_int_equal(used, watcher->used);
}

static void the_room_told_to_a_handler_is_that_from_before_the_track(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct watcher watcher = {.tao = tao};
    struct test_sink sink = {.hook = watch_the_room, .ctx = &watcher};
    IBurnVerification *verification;
    struct test_stream stream;
    LONG used;

    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IBurnVerification, (void **)&verification),
              S_OK);
    assert_hr(verification->lpVtbl->put_BurnVerificationLevel(verification, 1), S_OK);
    RELEASE(verification);
    assert_hr(tao->lpVtbl->get_FreeSectorsOnMedia(tao, &watcher.free), S_OK);
    assert_int_equal(watcher.used, 0);
    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_int_equal(sink_actions(&sink, VERIFYING), 1);
    assert_hr(tao->lpVtbl->get_UsedSectorsOnMedia(tao, &used), S_OK);
    assert_int_equal(used, 400 + 152); /* and after it, the track and what lies behind one */
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void prepare_and_release_tell_nothing(void **state)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    struct test_sink sink = {0};

    sink_advise(&sink, tao);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_int_equal(sink.count, 0);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void a_refused_track_tells_nothing(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_sink sink = {0};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 3, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA050D);
    assert_int_equal(sink.count, 0);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

/* Time passes in the client's stream alone: 150 ms in each of the first 20 Reads. The clock of the
 * library is put aside by the linker (--wrap). */
static uint64_t now_ms;

uint64_t __wrap_drive_clock_ms(void);
uint64_t __wrap_drive_clock_ms(void)
{
    return now_ms;
}

static void dawdle(void *ctx, const char *method, uint64_t position)
{
    unsigned *reads = ctx;

    (void)position;
    if (strcmp(method, "Read") == 0 && ++*reads <= 20) {
        now_ms += 150;
    }
}

static void updates_come_every_half_second_while_writing(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_sink sink = {0};
    struct test_stream stream;
    unsigned reads = 0;

    sink_advise(&sink, tao);
    stream_init(&stream, 10000 * SECTOR, 1);
    stream.hook = dawdle;
    stream.ctx = &reads;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_true(reads > 20);
    /* on entering, and after the 4th, 8th, 12th, 16th and 20th Read, 600 ms later each */
    assert_int_equal(sink_actions(&sink, WRITING), 1 + 5);
    for (unsigned i = 1; i < sink.count; i++) {
        assert_true(sink.events[i].last_written >= sink.events[i - 1].last_written);
        assert_true(sink.events[i].last_read >= sink.events[i].last_written);
        assert_true(sink.events[i].elapsed >= sink.events[i - 1].elapsed);
    }
    assert_int_equal(sink.events[5].elapsed, 2); /* 2400 ms */
    assert_true(sink.events[5].remaining > 0);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

/* ---- cancelling */

static LONG tracks(IDiscFormat2TrackAtOnce *tao)
{
    LONG value;

    assert_hr(tao->lpVtbl->get_NumberOfExistingTracks(tao, &value), S_OK);
    return value;
}

struct canceller {
    IDiscFormat2TrackAtOnce *tao;
    LONG at_action;
    uint64_t at_position;
    bool done;
};

static void cancel_from_handler(void *ctx, const struct test_event *event)
{
    struct canceller *canceller = ctx;

    if (event->action == canceller->at_action) {
        assert_hr(canceller->tao->lpVtbl->CancelAddTrack(canceller->tao), S_OK);
        canceller->done = true;
    }
}

static void cancelled_at(void **state, LONG action, LONG expected_tracks)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct canceller canceller = {.tao = tao, .at_action = action};
    struct test_sink sink = {.hook = cancel_from_handler, .ctx = &canceller};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 3000 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0002);
    assert_true(canceller.done);
    assert_int_equal(tracks(tao), expected_tracks);
    assert_hr(tao->lpVtbl->CancelAddTrack(tao), 0xC0AA0501);
    canceller.at_action = 99;
    stream_init(&stream, 300 * SECTOR, 2); /* the disc is kept usable, and the wish forgotten */
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_int_equal(tracks(tao), expected_tracks + 1);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void cancelled_while_preparing_nothing_is_written(void **state)
{
    cancelled_at(state, PREPARING, 0);
}

static void cancelled_before_the_first_sector_nothing_is_written(void **state)
{
    cancelled_at(state, WRITING, 0);
}

static void cancelled_while_finishing_the_track_is_there(void **state)
{
    cancelled_at(state, FINISHING, 1);
}

static void cancel_from_stream(void *ctx, const char *method, uint64_t position)
{
    struct canceller *canceller = ctx;

    if (strcmp(method, "Read") == 0 && position >= canceller->at_position) {
        assert_hr(canceller->tao->lpVtbl->CancelAddTrack(canceller->tao), S_OK);
    }
}

static void cancelled_from_the_stream_a_truncated_track_remains(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct canceller canceller = {.tao = tao, .at_position = 1000 * SECTOR};
    struct test_stream stream;
    LONG used;

    stream_init(&stream, 300000 * (uint64_t)SECTOR, 1);
    stream.hook = cancel_from_stream;
    stream.ctx = &canceller;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0002);
    assert_int_equal(tracks(tao), 1);
    assert_hr(tao->lpVtbl->get_UsedSectorsOnMedia(tao, &used), S_OK);
    assert_true(used >= 1000 + 152 && used < 3000);
    RELEASE(tao);
}

static void *cancel_in_thread(void *ctx)
{
    struct canceller *canceller = ctx;

    assert_hr(canceller->tao->lpVtbl->CancelAddTrack(canceller->tao), S_OK);
    return NULL;
}

static void cancel_by_thread(void *ctx, const char *method, uint64_t position)
{
    struct canceller *canceller = ctx;
    pthread_t thread;

    if (strcmp(method, "Read") == 0 && position >= canceller->at_position && !canceller->done) {
        canceller->done = true;
        assert_int_equal(pthread_create(&thread, NULL, cancel_in_thread, ctx), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
}

static void cancelled_from_a_second_thread(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct canceller canceller = {.tao = tao, .at_position = 500 * SECTOR};
    struct test_stream stream;

    stream_init(&stream, 300000 * (uint64_t)SECTOR, 1);
    stream.hook = cancel_by_thread;
    stream.ctx = &canceller;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0002);
    assert_int_equal(tracks(tao), 1);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
}

/* ---- sinks that do as they please */

static void release_the_object(void *ctx, const struct test_event *event)
{
    IDiscFormat2TrackAtOnce **tao = ctx;

    (void)event;
    if (*tao != NULL) {
        IDiscFormat2TrackAtOnce *last = *tao;

        *tao = NULL;
        RELEASE(last);
    }
}

static void a_handler_may_release_the_last_reference(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench), *only = tao;
    struct test_sink sink = {.hook = release_the_object, .ctx = &only};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_null(only);
    assert_int_equal(sink.refs, 1);
    assert_int_equal(stream.refs, 1);
    assert_string_equal(owner_seen(bench->url), ""); /* it has released the medium too */
}

static void without_memory_for_an_event_the_burn_goes_on(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_sink sink = {0};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    memory_fail_nth(1); /* the argument object of the first event */
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    memory_restore();
    assert_int_equal(sink_actions(&sink, PREPARING), 0);
    assert_true(sink_actions(&sink, WRITING) >= 1);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(updates_come_for_every_action_in_order),
        TEST(the_arguments_say_how_far_it_is),
        TEST(verifying_is_told_when_it_was_asked_for),
        TEST(the_room_told_to_a_handler_is_that_from_before_the_track),
        TEST(prepare_and_release_tell_nothing),
        TEST(a_refused_track_tells_nothing),
        TEST(updates_come_every_half_second_while_writing),
        TEST(cancelled_while_preparing_nothing_is_written),
        TEST(cancelled_before_the_first_sector_nothing_is_written),
        TEST(cancelled_while_finishing_the_track_is_there),
        TEST(cancelled_from_the_stream_a_truncated_track_remains),
        TEST(cancelled_from_a_second_thread),
        TEST(a_handler_may_release_the_last_reference),
        TEST(without_memory_for_an_event_the_burn_goes_on),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

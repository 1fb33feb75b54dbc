/* SPDX-License-Identifier: MIT */
/*
 * Want of memory at each allocation in turn over the whole life of a burn, the drive's own
 * allocations included: the call says so and can be made again, the lock is never left behind, and
 * in the end the track is on the disc. What is lost is found by the sanitizer and by valgrind.
 */
#include <stdio.h>
#include <stdlib.h>
#include "api/transport/transport.h"
#include "tests/api/imapi/support.h"

/* ---- linked with --wrap: every allocation of what is linked statically, on this thread */

enum manner { ONE, ALL_FROM_THERE }; /* until the end of the call that met it */

static _Thread_local unsigned countdown; /* 0: none fails */
static _Thread_local bool failed;        /* one has, since `arm` or the last call began */
static _Thread_local enum manner manner;

static bool fails(void)
{
    if (failed && manner == ALL_FROM_THERE) {
        return true;
    }
    if (countdown > 0 && --countdown == 0) {
        failed = true;
        return true;
    }
    return false;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* ---- the life */

struct life {
    struct bench *bench;
    BSTR name;
    IDiscRecorder2 *recorder;
    IDiscFormat2TrackAtOnce *tao;
    struct test_sink sink;
    struct test_stream stream;
};

static HRESULT create_recorder(struct life *life)
{
    return CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2,
                            (void **)&life->recorder);
}

static HRESULT initialize(struct life *life)
{
    return life->recorder->lpVtbl->InitializeDiscRecorder(life->recorder, life->bench->url);
}

static HRESULT create_tao(struct life *life)
{
    return CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                            &IID_IDiscFormat2TrackAtOnce, (void **)&life->tao);
}

static HRESULT put_client_name(struct life *life)
{
    return life->tao->lpVtbl->put_ClientName(life->tao, life->name);
}

static HRESULT put_recorder(struct life *life)
{
    return life->tao->lpVtbl->put_Recorder(life->tao, life->recorder);
}

static HRESULT advise(struct life *life)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point = NULL;
    HRESULT hr = life->tao->lpVtbl->QueryInterface(life->tao, &IID_IConnectionPointContainer,
                                                   (void **)&container);

    assert_hr(hr, S_OK);
    hr = container->lpVtbl->FindConnectionPoint(container, &IID_DDiscFormat2TrackAtOnceEvents,
                                                &point);
    RELEASE(container);
    if (FAILED(hr)) {
        assert_null(point);
        return hr;
    }
    hr = point->lpVtbl->Advise(point, (IUnknown *)&life->sink.iface, &life->sink.cookie);
    RELEASE(point);
    return hr;
}

static HRESULT prepare(struct life *life)
{
    return life->tao->lpVtbl->PrepareMedia(life->tao);
}

static HRESULT add_track(struct life *life)
{
    HRESULT hr;

    stream_init(&life->stream, (uint64_t)300 * SECTOR, 5);
    hr = life->tao->lpVtbl->AddAudioTrack(life->tao, &life->stream.iface);
    assert_int_equal(life->stream.refs, 1);
    return hr;
}

static HRESULT ask(struct life *life)
{
    SAFEARRAY *array = NULL;
    BSTR owner = NULL;
    HRESULT hr = life->tao->lpVtbl->get_ExpectedTableOfContents(life->tao, &array);

    if (SUCCEEDED(hr)) {
        hr = life->recorder->lpVtbl->get_ExclusiveAccessOwner(life->recorder, &owner);
    }
    SafeArrayDestroy(array);
    SysFreeString(owner);
    return hr;
}

static HRESULT release_media(struct life *life)
{
    return life->tao->lpVtbl->ReleaseMedia(life->tao);
}

static const struct {
    const char *name;
    HRESULT (*call)(struct life *life);
    const char *owner; /* after it has failed */
} calls[] = {
    {"CoCreateInstance of a recorder", create_recorder, ""},
    {"InitializeDiscRecorder", initialize, ""},
    {"CoCreateInstance of track-at-once", create_tao, ""},
    {"put_ClientName", put_client_name, ""},
    {"put_Recorder", put_recorder, ""},
    {"Advise", advise, ""},
    {"PrepareMedia", prepare, ""},
    {"AddAudioTrack", add_track, "First Burner 1.0"},
    {"the getters", ask, "First Burner 1.0"},
    {"ReleaseMedia", release_media, "First Burner 1.0"},
};

/* One call that may run short of memory; if it does, it says E_OUTOFMEMORY, the owner is as before
 * it, and the same call is then as good as any. */
static void make_call(struct life *life, size_t i)
{
    HRESULT hr;
    bool short_of_memory;
    unsigned left;

    failed = false;
    hr = calls[i].call(life);
    short_of_memory = failed;
    failed = false;
    if (SUCCEEDED(hr)) {
        return;
    }
    left = countdown; /* what the test does itself does not count */
    countdown = 0;
    if (!short_of_memory || hr != E_OUTOFMEMORY) {
        fail_msg("%s: 0x%08X %s", calls[i].name, (unsigned)hr, imapi2_hresult_name(hr));
    }
    assert_string_equal(owner_seen(life->bench->url), calls[i].owner);
    assert_hr(calls[i].call(life), S_OK);
    countdown = left;
}

/* The track as it was sent: 300 blocks of the stream's samples, and no other track. */
static void check_disc(struct life *life)
{
    struct transport *raw = raw_open(life->bench);
    static uint8_t block[SECTOR];
    uint8_t toc[20];
    size_t got;

    raw_read(raw, 0, 1, block);
    for (unsigned i = 0; i < SECTOR; i++) {
        assert_int_equal(block[i], sample(5, i));
    }
    raw_read(raw, 299, 1, block);
    for (unsigned i = 0; i < SECTOR; i++) {
        assert_int_equal(block[i], sample(5, (uint64_t)299 * SECTOR + i));
    }
    /* READ TOC, format 0: length 18, tracks 1 to 1 */
    assert_int_equal(raw_command(raw, "43 00 00 00 00 00 00 00 14 00", toc, 20, &got, NULL), 0);
    assert_int_equal(toc[1], 18);
    assert_int_equal(toc[2], 1);
    assert_int_equal(toc[3], 1);
    transport_close(raw);
}

/* The sink's functions are set by sink_advise alone. */
static void make_sink(struct life *life)
{
    IDiscFormat2TrackAtOnce *other = new_tao();

    sink_advise(&life->sink, other);
    sink_unadvise(&life->sink, other);
    RELEASE(other);
}

/* A whole life, the nth allocation failing. Whether there were as many. */
static bool live(struct bench *bench, unsigned n)
{
    struct life life = {.bench = bench};
    bool reached;

    bench_disc(bench, 12000);
    assert_hr(imapi2_bstr_from_utf8("First Burner 1.0", &life.name), S_OK);
    make_sink(&life);
    countdown = n;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        make_call(&life, i);
    }
    reached = countdown == 0;
    countdown = 0;
    assert_string_equal(owner_seen(bench->url), "");
    RELEASE(life.tao);
    assert_int_equal(life.sink.refs, 1); /* let go of with the object */
    RELEASE(life.recorder);
    SysFreeString(life.name);
    check_disc(&life);
    return reached;
}

static void live_through(struct bench *bench, enum manner how)
{
    unsigned n = 1;

    manner = how;
    while (live(bench, n)) {
        n++;
    }
    print_message("%u allocations\n", n - 1);
    assert_true(n > 30);
}

static void each_allocation_fails_once(void **state)
{
    live_through(*state, ONE);
}

static void each_allocation_and_all_after_it_fail_in_one_call(void **state)
{
    live_through(*state, ALL_FROM_THERE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_allocation_fails_once),
        TEST(each_allocation_and_all_after_it_fail_in_one_call),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

/* SPDX-License-Identifier: MIT */
/* Objects are free-threaded: many threads on one of them, and every answer is one that the
 * interface has. Run under ThreadSanitizer it shows races; as it is, deadlocks and lost references.
 */
#include <pthread.h>
#include <stdatomic.h>
#include "tests/api/imapi/support.h"

#define ROUNDS 60

struct shared {
    struct bench *bench;
    IDiscFormat2TrackAtOnce *tao;
    IDiscRecorder2 *recorder;
    atomic_bool over;
    atomic_int written;
};

static void one_of(const char *call, HRESULT hr, const uint32_t *allowed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (hr == (HRESULT)allowed[i]) {
            return;
        }
    }
    fail_msg("%s: 0x%08X", call, (unsigned)hr);
}
#define ONE_OF(call, ...)                                                                          \
    one_of(#call, call, (const uint32_t[]){__VA_ARGS__},                                           \
           sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void *burner(void *ctx)
{
    struct shared *shared = ctx;
    IDiscFormat2TrackAtOnce *tao = shared->tao;

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct test_stream stream;
        HRESULT hr;

        ONE_OF(tao->lpVtbl->PrepareMedia(tao), 0, 0xC0AA0506, 0xC0AA050A);
        stream_init(&stream, 400 * SECTOR, i);
        hr = tao->lpVtbl->AddAudioTrack(tao, &stream.iface);
        one_of("AddAudioTrack", hr, (const uint32_t[]){0, 0xC0AA0002, 0xC0AA0502}, 3);
        shared->written += hr == S_OK;
        ONE_OF(tao->lpVtbl->ReleaseMedia(tao), 0, 0xC0AA0502);
    }
    shared->over = true;
    return NULL;
}

static void *namer(void *ctx)
{
    struct shared *shared = ctx;
    IDiscFormat2TrackAtOnce *tao = shared->tao;
    BSTR name = SysAllocString(u"Another name, longer than the first");

    while (!shared->over) {
        BSTR now;

        ONE_OF(tao->lpVtbl->put_ClientName(tao, name), 0, 0xC0AA0503, 0xC0AA0500);
        assert_hr(tao->lpVtbl->get_ClientName(tao, &now), S_OK);
        assert_true(SysStringLen(now) == 16 || SysStringLen(now) == 35);
        SysFreeString(now);
    }
    SysFreeString(name);
    return NULL;
}

static void *canceller(void *ctx)
{
    struct shared *shared = ctx;
    IDiscFormat2TrackAtOnce *tao = shared->tao;

    while (!shared->over) {
        ONE_OF(tao->lpVtbl->CancelAddTrack(tao), 0, 0xC0AA0501);
    }
    return NULL;
}

static void *recorder_changer(void *ctx)
{
    struct shared *shared = ctx;
    IDiscFormat2TrackAtOnce *tao = shared->tao;

    while (!shared->over) {
        IDiscRecorder2 *now;

        ONE_OF(tao->lpVtbl->put_Recorder(tao, NULL), 0, 0xC0AA0503, 0xC0AA0500);
        ONE_OF(tao->lpVtbl->put_Recorder(tao, shared->recorder), 0, 0xC0AA0503, 0xC0AA0500);
        assert_hr(tao->lpVtbl->get_Recorder(tao, &now), S_OK);
        if (now != NULL) {
            RELEASE(now);
        }
    }
    return NULL;
}

static void *reader(void *ctx)
{
    struct shared *shared = ctx;
    IDiscFormat2TrackAtOnce *tao = shared->tao;

    while (!shared->over) {
        SAFEARRAY *array;
        VARIANT_BOOL flag;
        LONG value;
        IMAPI_MEDIA_PHYSICAL_TYPE type;

        ONE_OF(tao->lpVtbl->get_FreeSectorsOnMedia(tao, &value), 0, 0xC0AA0502);
        ONE_OF(tao->lpVtbl->get_NumberOfExistingTracks(tao, &value), 0, 0xC0AA0502, 0xC0AA0500);
        ONE_OF(tao->lpVtbl->get_ExpectedTableOfContents(tao, &array), 0, 0xC0AA0502, 0xC0AA0500,
               0xC0AA0505);
        SafeArrayDestroy(array);
        ONE_OF(tao->lpVtbl->get_CurrentPhysicalMediaType(tao, &type), 0, 0xC0AA050A);
        ONE_OF(tao->lpVtbl->get_MediaPhysicallyBlank(tao, &flag), 0, 0xC0AA050A);
        ONE_OF(tao->lpVtbl->get_CurrentWriteSpeed(tao, &value), 0, 0xC0AA050A);
        ONE_OF(tao->lpVtbl->SetWriteSpeed(tao, -1, VARIANT_FALSE), 0, 0xC0AA0003, 0xC0AA0500);
    }
    return NULL;
}

/* Sinks of their own that only count: a call that has begun may outlive its Unadvise, by the sink's
 * reference, so the sink is counted by atomics and dies with its last one. */
struct lasting_sink {
    IDispatch iface;
    atomic_uint refs;
};

static ULONG lasting_AddRef(IDispatch *This)
{
    return ++((struct lasting_sink *)This)->refs;
}

static ULONG lasting_Release(IDispatch *This)
{
    ULONG left = --((struct lasting_sink *)This)->refs;

    if (left == 0) {
        CoTaskMemFree(This);
    }
    return left;
}

static HRESULT lasting_QueryInterface(IDispatch *This, REFIID riid, void **out)
{
    (void)riid;
    lasting_AddRef(This);
    *out = This;
    return S_OK;
}

static HRESULT lasting_Invoke(IDispatch *This, DISPID id, REFIID riid, LCID lcid, WORD flags,
                              DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                              UINT *bad_arg)
{
    (void)riid, (void)lcid, (void)flags, (void)result, (void)exception, (void)bad_arg;
    assert_int_equal(id, 0x200);
    assert_int_equal(params->cArgs, 2);
    assert_true(((struct lasting_sink *)This)->refs > 0);
    return S_OK;
}

static const IDispatchVtbl lasting_vtbl = {.QueryInterface = lasting_QueryInterface,
                                           .AddRef = lasting_AddRef,
                                           .Release = lasting_Release,
                                           .Invoke = lasting_Invoke};

static void *adviser(void *ctx)
{
    struct shared *shared = ctx;
    IConnectionPointContainer *container;
    IConnectionPoint *point;

    assert_hr(shared->tao->lpVtbl->QueryInterface(shared->tao, &IID_IConnectionPointContainer,
                                                  (void **)&container),
              S_OK);
    assert_hr(container->lpVtbl->FindConnectionPoint(container, &IID_DDiscFormat2TrackAtOnceEvents,
                                                     &point),
              S_OK);
    RELEASE(container);
    while (!shared->over) {
        struct lasting_sink *sink = CoTaskMemAlloc(sizeof(*sink));
        DWORD cookie;

        sink->iface.lpVtbl = (IDispatchVtbl *)&lasting_vtbl;
        atomic_init(&sink->refs, 1);
        assert_hr(point->lpVtbl->Advise(point, (IUnknown *)&sink->iface, &cookie), S_OK);
        lasting_Release(&sink->iface);
        assert_hr(point->lpVtbl->Unadvise(point, cookie), S_OK);
    }
    RELEASE(point);
    return NULL;
}

static void many_threads_on_one_object(void **state)
{
    static void *(*const bodies[])(void *) = {burner,           namer,  canceller,
                                              recorder_changer, reader, adviser};
    struct bench *bench = *state;
    struct shared shared = {.bench = bench, .tao = ready_tao(bench)};
    pthread_t threads[sizeof(bodies) / sizeof(bodies[0])];
    LONG refs;

    shared.recorder = open_recorder(bench->url);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, bodies[i], &shared), 0);
    }
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    refs = (LONG)RELEASE(shared.tao);
    assert_int_equal(refs, 0);
    assert_int_equal(RELEASE(shared.recorder), 0);
    assert_string_equal(owner_seen(bench->url), "");
}

/* ---- one drive, a recorder object for each thread: only one holds it at a time */

struct contest {
    struct bench *bench;
    atomic_int holders, wins;
};

static void *contestant(void *ctx)
{
    struct contest *contest = ctx;
    IDiscRecorder2 *recorder = open_recorder(contest->bench->url);
    BSTR name = SysAllocString(u"contestant");

    for (unsigned i = 0; i < 300; i++) {
        HRESULT hr = recorder->lpVtbl->AcquireExclusiveAccess(recorder, VARIANT_FALSE, name);

        one_of("AcquireExclusiveAccess", hr, (const uint32_t[]){0, 0xC0AA0210}, 2);
        if (hr == S_OK) {
            assert_int_equal(atomic_fetch_add(&contest->holders, 1), 0);
            contest->wins++;
            atomic_fetch_sub(&contest->holders, 1);
            assert_hr(recorder->lpVtbl->ReleaseExclusiveAccess(recorder), S_OK);
        }
    }
    SysFreeString(name);
    RELEASE(recorder);
    return NULL;
}

static void one_holder_at_a_time(void **state)
{
    struct contest contest = {.bench = *state};
    pthread_t threads[4];

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, contestant, &contest), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_true(contest.wins > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_threads_on_one_object, bench_up, bench_down),
        cmocka_unit_test_setup_teardown(one_holder_at_a_time, bench_up, bench_down),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

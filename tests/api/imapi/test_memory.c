/* SPDX-License-Identifier: MIT */
/* Want of memory at each allocation in turn: E_OUTOFMEMORY, nothing changed, nothing leaked. */
#include "tests/api/imapi/support.h"

/* Repeats `once` with the nth allocation failing until it needs fewer than n. */
static unsigned every_allocation(HRESULT (*once)(void *ctx), void *ctx)
{
    for (unsigned n = 1;; n++) {
        HRESULT hr;
        unsigned made;

        memory_fail_nth(n);
        hr = once(ctx);
        made = memory_allocations();
        memory_restore();
        if (made < n) {
            assert_hr(hr, S_OK);
            return n - 1;
        }
        assert_hr(hr, E_OUTOFMEMORY);
    }
}

static HRESULT create_recorder(void *ctx)
{
    void *object = (void *)1;
    HRESULT hr =
        CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2, &object);

    (void)ctx;
    if (FAILED(hr)) {
        assert_null(object);
    } else {
        RELEASE((IUnknown *)object);
    }
    return hr;
}

static HRESULT create_tao(void *ctx)
{
    void *object = (void *)1;
    HRESULT hr = CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                                  &IID_IDiscFormat2TrackAtOnce, &object);

    (void)ctx;
    if (FAILED(hr)) {
        assert_null(object);
    } else {
        RELEASE((IUnknown *)object);
    }
    return hr;
}

static void creating_the_objects(void **state)
{
    (void)state;
    assert_true(every_allocation(create_recorder, NULL) >= 1);
    assert_true(every_allocation(create_tao, NULL) >= 1);
}

static void initializing_a_recorder(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = new_recorder();
    unsigned n = 1;

    for (;; n++) {
        HRESULT hr;
        unsigned made;

        memory_fail_nth(n);
        hr = recorder->lpVtbl->InitializeDiscRecorder(recorder, bench->url);
        made = memory_allocations();
        memory_restore();
        if (made < n) {
            assert_hr(hr, S_OK);
            break;
        }
        assert_hr(hr, E_OUTOFMEMORY);
        assert_hr(recorder->lpVtbl->DisableMcn(recorder), E_FAIL); /* still without a drive */
    }
    assert_true(n > 2);
    RELEASE(recorder);
}

/* Every getter of a recorder that hands something out. */
static HRESULT get_everything_of_recorder(void *ctx)
{
    IDiscRecorder2 *recorder = ctx;
    const IDiscRecorder2Vtbl *v = recorder->lpVtbl;
    HRESULT(*const texts[])
    (IDiscRecorder2 *, BSTR *) = {v->get_ActiveDiscRecorder, v->get_VendorId,
                                  v->get_ProductId,          v->get_ProductRevision,
                                  v->get_VolumeName,         v->get_ExclusiveAccessOwner};
    HRESULT(*const arrays[])
    (IDiscRecorder2 *, SAFEARRAY **) = {v->get_VolumePathNames,     v->get_SupportedFeaturePages,
                                        v->get_CurrentFeaturePages, v->get_SupportedProfiles,
                                        v->get_CurrentProfiles,     v->get_SupportedModePages};
    VARIANT_BOOL can;
    HRESULT worst = S_OK;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        BSTR text = (BSTR)u"x";
        HRESULT hr = texts[i](recorder, &text);

        assert_true(SUCCEEDED(hr) == (text != NULL));
        SysFreeString(text);
        worst = FAILED(hr) ? hr : worst;
    }
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        SAFEARRAY *array = (SAFEARRAY *)1;
        HRESULT hr = arrays[i](recorder, &array);

        assert_true(SUCCEEDED(hr) == (array != NULL));
        SafeArrayDestroy(array);
        worst = FAILED(hr) ? hr : worst;
    }
    if (FAILED(v->get_DeviceCanLoadMedia(recorder, &can))) {
        worst = E_OUTOFMEMORY;
    }
    return worst;
}

static void the_getters_of_a_recorder(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);

    assert_true(every_allocation(get_everything_of_recorder, recorder) >= 12);
    RELEASE(recorder);
}

static HRESULT get_everything_of_tao(void *ctx)
{
    IDiscFormat2TrackAtOnce *tao = ctx;
    const IDiscFormat2TrackAtOnceVtbl *v = tao->lpVtbl;
    HRESULT(*const arrays[])
    (IDiscFormat2TrackAtOnce *,
     SAFEARRAY **) = {v->get_SupportedMediaTypes, v->get_SupportedWriteSpeeds,
                      v->get_SupportedWriteSpeedDescriptors, v->get_ExpectedTableOfContents};
    BSTR name = NULL;
    HRESULT worst = v->get_ClientName(tao, &name);

    SysFreeString(name);
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        SAFEARRAY *array = (SAFEARRAY *)1;
        HRESULT hr = arrays[i](tao, &array);

        assert_true(SUCCEEDED(hr) == (array != NULL));
        SafeArrayDestroy(array);
        worst = FAILED(hr) ? hr : worst;
    }
    return worst;
}

static HRESULT put_recorder(void *ctx)
{
    IDiscFormat2TrackAtOnce *tao = ctx;
    IDiscRecorder2 *recorder;
    VARIANT_BOOL yes;
    HRESULT hr;

    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    hr = tao->lpVtbl->put_Recorder(tao, recorder);
    if (SUCCEEDED(hr)) {
        hr = tao->lpVtbl->IsCurrentMediaSupported(tao, recorder, &yes);
        assert_true((yes == VARIANT_TRUE) == SUCCEEDED(hr));
    }
    RELEASE(recorder);
    return hr;
}

static void the_getters_of_track_at_once(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_stream stream;

    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_true(every_allocation(get_everything_of_tao, tao) >= 6);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_true(every_allocation(put_recorder, tao) >= 1);
    RELEASE(tao);
}

/* A burn without memory says so before the disc is touched, or succeeds. */
static HRESULT burn(void *ctx)
{
    IDiscFormat2TrackAtOnce *tao = ctx;
    struct test_stream stream;
    HRESULT hr;

    stream_init(&stream, 4, 1);
    hr = tao->lpVtbl->PrepareMedia(tao);
    if (SUCCEEDED(hr)) {
        hr = tao->lpVtbl->AddAudioTrack(tao, &stream.iface);
        assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    }
    return hr;
}

static void burning(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);

    assert_true(every_allocation(burn, tao) >= 2);
    assert_string_equal(owner_seen(bench->url), "");
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA0506); /* it was burned in the end, once */
    RELEASE(tao);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creating_the_objects),
        TEST(initializing_a_recorder),
        TEST(the_getters_of_a_recorder),
        TEST(the_getters_of_track_at_once),
        TEST(burning),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

/* SPDX-License-Identifier: MIT */
/* IDiscRecorder2 whole, and put_Recorder (reference: imapi2 2.1 and 8, points 36 to 42, 51 to 53).
 */
#include <stdio.h>
#include "tests/api/imapi/support.h"

static void before_initialize_every_call_is_e_fail(void **state)
{
    IDiscRecorder2 *recorder = new_recorder();
    const IDiscRecorder2Vtbl *v = recorder->lpVtbl;
    BSTR text = (BSTR)u"x";
    SAFEARRAY *array;
    VARIANT_BOOL flag;
    LONG number;

    (void)state;
    assert_hr(v->EjectMedia(recorder), E_FAIL);
    assert_hr(v->CloseTray(recorder), E_FAIL);
    assert_hr(v->AcquireExclusiveAccess(recorder, VARIANT_FALSE, NULL), E_FAIL);
    assert_hr(v->ReleaseExclusiveAccess(recorder), E_FAIL);
    assert_hr(v->DisableMcn(recorder), E_FAIL);
    assert_hr(v->EnableMcn(recorder), E_FAIL);
    assert_hr(v->get_ActiveDiscRecorder(recorder, &text), E_FAIL);
    assert_null(text);
    assert_hr(v->get_VendorId(recorder, &text), E_FAIL);
    assert_hr(v->get_ProductId(recorder, &text), E_FAIL);
    assert_hr(v->get_ProductRevision(recorder, &text), E_FAIL);
    assert_hr(v->get_VolumeName(recorder, &text), E_FAIL);
    assert_hr(v->get_VolumePathNames(recorder, &array), E_FAIL);
    assert_null(array);
    assert_hr(v->get_DeviceCanLoadMedia(recorder, &flag), E_FAIL);
    assert_hr(v->get_LegacyDeviceNumber(recorder, &number), E_FAIL);
    assert_hr(v->get_SupportedFeaturePages(recorder, &array), E_FAIL);
    assert_hr(v->get_CurrentFeaturePages(recorder, &array), E_FAIL);
    assert_hr(v->get_SupportedProfiles(recorder, &array), E_FAIL);
    assert_hr(v->get_CurrentProfiles(recorder, &array), E_FAIL);
    assert_hr(v->get_SupportedModePages(recorder, &array), E_FAIL);
    assert_hr(v->get_ExclusiveAccessOwner(recorder, &text), E_FAIL);
    RELEASE(recorder);
}

static void null_out_parameters(void **state)
{
    IDiscRecorder2 *recorder = new_recorder();
    const IDiscRecorder2Vtbl *v = recorder->lpVtbl;

    (void)state;
    assert_hr(v->get_ActiveDiscRecorder(recorder, NULL), E_INVALIDARG);
    assert_hr(v->get_VendorId(recorder, NULL), E_POINTER);
    assert_hr(v->get_ProductId(recorder, NULL), E_POINTER);
    assert_hr(v->get_ProductRevision(recorder, NULL), E_POINTER);
    assert_hr(v->get_VolumeName(recorder, NULL), E_POINTER);
    assert_hr(v->get_VolumePathNames(recorder, NULL), E_POINTER);
    assert_hr(v->get_DeviceCanLoadMedia(recorder, NULL), E_POINTER);
    assert_hr(v->get_LegacyDeviceNumber(recorder, NULL), E_POINTER);
    assert_hr(v->get_SupportedFeaturePages(recorder, NULL), E_POINTER);
    assert_hr(v->get_CurrentFeaturePages(recorder, NULL), E_POINTER);
    assert_hr(v->get_SupportedProfiles(recorder, NULL), E_POINTER);
    assert_hr(v->get_CurrentProfiles(recorder, NULL), E_POINTER);
    assert_hr(v->get_SupportedModePages(recorder, NULL), E_POINTER);
    assert_hr(v->get_ExclusiveAccessOwner(recorder, NULL), E_POINTER);
    RELEASE(recorder);
}

static HRESULT initialize(IDiscRecorder2 *recorder, const char *url)
{
    BSTR bstr;
    HRESULT hr;

    assert_hr(imapi2_bstr_from_utf8(url, &bstr), S_OK);
    hr = recorder->lpVtbl->InitializeDiscRecorder(recorder, bstr);
    SysFreeString(bstr);
    return hr;
}

static void ids_that_are_no_drive(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = new_recorder();
    BSTR odd = SysAllocStringByteLen("e\0m\0b", 5), nul = SysAllocStringLen(u"embedded:\0x", 11);
    char missing[128];

    assert_hr(recorder->lpVtbl->InitializeDiscRecorder(recorder, NULL), E_INVALIDARG);
    assert_hr(initialize(recorder, ""), E_INVALIDARG);
    assert_hr(initialize(recorder, "gopher://x"), E_INVALIDARG);
    assert_hr(recorder->lpVtbl->InitializeDiscRecorder(recorder, odd), E_INVALIDARG);
    assert_hr(recorder->lpVtbl->InitializeDiscRecorder(recorder, nul), E_INVALIDARG);
    snprintf(missing, sizeof(missing), "embedded:%s/no-such-disc", bench->dir);
    assert_hr(initialize(recorder, missing), 0x80070037);
    assert_hr(initialize(recorder, "iscsi://127.0.0.1:1/iqn.2000-01.test:x/0"), 0x80070037);
    SysFreeString(odd);
    SysFreeString(nul);
    RELEASE(recorder);
}

static void initialize_again_only_while_nothing_is_held(void **state)
{
    struct bench *bench = *state;
    BSTR other = bench_another(bench, 20000), id, name = SysAllocString(u"n");
    IDiscRecorder2 *recorder = open_recorder(bench->url);

    assert_hr(recorder->lpVtbl->AcquireExclusiveAccess(recorder, VARIANT_FALSE, name), S_OK);
    assert_hr(recorder->lpVtbl->InitializeDiscRecorder(recorder, other), E_FAIL);
    assert_hr(recorder->lpVtbl->ReleaseExclusiveAccess(recorder), S_OK);
    assert_hr(initialize(recorder, "embedded:/no/such/disc"), 0x80070037);
    assert_hr(recorder->lpVtbl->get_ActiveDiscRecorder(recorder, &id), S_OK);
    assert_int_equal(SysStringByteLen(id), SysStringByteLen(bench->url)); /* the old one stays */
    assert_memory_equal(id, bench->url, SysStringByteLen(id));
    SysFreeString(id);
    assert_hr(recorder->lpVtbl->InitializeDiscRecorder(recorder, other), S_OK);
    assert_hr(recorder->lpVtbl->get_ActiveDiscRecorder(recorder, &id), S_OK);
    assert_memory_equal(id, other, SysStringByteLen(other) + 2);
    SysFreeString(id);
    SysFreeString(other);
    SysFreeString(name);
    RELEASE(recorder);
}

static void who_it_is(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);
    char *utf8;
    BSTR text;
    LONG number;

    assert_hr(recorder->lpVtbl->get_VendorId(recorder, &text), S_OK);
    assert_hr(imapi2_utf8_from_bstr(text, &utf8), S_OK);
    assert_string_equal(utf8, "VCDR");
    CoTaskMemFree(utf8);
    SysFreeString(text);
    assert_hr(recorder->lpVtbl->get_ProductId(recorder, &text), S_OK);
    assert_hr(imapi2_utf8_from_bstr(text, &utf8), S_OK);
    assert_string_equal(utf8, "CD-R RECORDER");
    CoTaskMemFree(utf8);
    SysFreeString(text);
    assert_hr(recorder->lpVtbl->get_ProductRevision(recorder, &text), S_OK);
    assert_in_range(SysStringLen(text), 1, 4);
    SysFreeString(text);
    assert_hr(recorder->lpVtbl->get_VolumeName(recorder, &text), S_OK);
    assert_memory_equal(text, bench->url, SysStringByteLen(bench->url) + 2);
    SysFreeString(text);
    assert_hr(recorder->lpVtbl->get_LegacyDeviceNumber(recorder, &number), S_OK);
    assert_int_equal(number, 0);
    RELEASE(recorder);
}

static bool contains(SAFEARRAY *array, LONG value)
{
    VARIANT *elements = array->pvData;

    assert_int_equal(SafeArrayGetDim(array), 1);
    assert_int_equal(array->rgsabound[0].lLbound, 0);
    for (ULONG i = 0; i < array->rgsabound[0].cElements; i++) {
        assert_int_equal(elements[i].vt, VT_I4);
        if (elements[i].lVal == value) {
            return true;
        }
    }
    return false;
}

typedef HRESULT (*array_getter)(IDiscRecorder2 *, SAFEARRAY **);

static bool has(IDiscRecorder2 *recorder, array_getter getter, LONG value)
{
    SAFEARRAY *array;
    bool found;

    assert_hr(getter(recorder, &array), S_OK);
    found = contains(array, value);
    SafeArrayDestroy(array);
    return found;
}

static void what_it_can(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);
    BSTR nothing = SysAllocString(u"embedded:");
    IDiscRecorder2 *empty = open_recorder(nothing);
    const IDiscRecorder2Vtbl *v = recorder->lpVtbl;
    SAFEARRAY *array;
    VARIANT_BOOL can;

    assert_true(has(recorder, v->get_SupportedFeaturePages, 0x2D)); /* CD track at once */
    assert_true(has(recorder, v->get_CurrentFeaturePages, 0x2D));
    assert_true(has(recorder, v->get_SupportedProfiles, 9)); /* CD-R */
    assert_true(has(recorder, v->get_CurrentProfiles, 9));
    assert_true(has(empty, v->get_SupportedFeaturePages, 0x2D));
    assert_false(has(empty, v->get_CurrentFeaturePages, 0x2D)); /* without a disc not current */
    assert_true(has(empty, v->get_SupportedProfiles, 9));
    assert_false(has(empty, v->get_CurrentProfiles, 9));
    assert_true(has(recorder, v->get_SupportedModePages, 0x05));
    assert_true(has(recorder, v->get_SupportedModePages, 0x2A));
    assert_false(has(recorder, v->get_SupportedModePages, 0x3F));
    assert_hr(v->get_DeviceCanLoadMedia(recorder, &can), S_OK);
    assert_int_equal(can, -1);
    assert_hr(v->get_VolumePathNames(recorder, &array), S_OK);
    assert_int_equal(array->rgsabound[0].cElements, 0);
    SafeArrayDestroy(array);
    SysFreeString(nothing);
    RELEASE(empty);
    RELEASE(recorder);
}

static void the_tray_goes_out_and_in(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    IDiscRecorder2 *recorder;
    IMAPI_MEDIA_PHYSICAL_TYPE type;
    VARIANT_BOOL supported = VARIANT_TRUE;

    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    assert_hr(tao->lpVtbl->get_CurrentPhysicalMediaType(tao, &type), S_OK);
    assert_int_equal(type, 2); /* CDR */
    assert_hr(recorder->lpVtbl->EjectMedia(recorder), S_OK);
    assert_hr(tao->lpVtbl->get_CurrentPhysicalMediaType(tao, &type), S_OK);
    assert_int_equal(type, 0); /* UNKNOWN: empty */
    assert_hr(tao->lpVtbl->IsCurrentMediaSupported(tao, recorder, &supported), 0xC0AA0202);
    assert_int_equal(supported, 0);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA0202);
    assert_hr(recorder->lpVtbl->CloseTray(recorder), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_true(FAILED(recorder->lpVtbl->EjectMedia(recorder))); /* removal is prevented */
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(recorder->lpVtbl->EjectMedia(recorder), S_OK);
    RELEASE(recorder);
    RELEASE(tao);
}

static void mcn_counts_and_never_goes_below_zero(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);

    assert_hr(recorder->lpVtbl->EnableMcn(recorder), E_FAIL);
    assert_hr(recorder->lpVtbl->DisableMcn(recorder), S_OK);
    assert_hr(recorder->lpVtbl->DisableMcn(recorder), S_OK);
    assert_hr(recorder->lpVtbl->EnableMcn(recorder), S_OK);
    assert_hr(recorder->lpVtbl->EnableMcn(recorder), S_OK);
    assert_hr(recorder->lpVtbl->EnableMcn(recorder), E_FAIL);
    assert_hr(recorder->lpVtbl->DisableMcn(recorder), S_OK);
    assert_hr(recorder->lpVtbl->EnableMcn(recorder), S_OK);
    RELEASE(recorder);
}

static void put_recorder_null_detaches(void **state)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    IDiscRecorder2 *recorder = (IDiscRecorder2 *)1;

    assert_hr(tao->lpVtbl->put_Recorder(tao, NULL), S_OK);
    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    assert_null(recorder);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA050A);
    RELEASE(tao);
}

static void an_uninitialised_recorder_is_not_supported(void **state)
{
    IDiscRecorder2 *recorder = new_recorder(), *set;
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    VARIANT_BOOL supported = VARIANT_TRUE;

    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), 0xC0AA050E);
    assert_hr(tao->lpVtbl->get_Recorder(tao, &set), S_OK);
    assert_true(set != NULL && set != recorder); /* the old one stays */
    RELEASE(set);
    assert_hr(tao->lpVtbl->IsRecorderSupported(tao, recorder, &supported), S_OK);
    assert_int_equal(supported, 0);
    RELEASE(tao);
    assert_int_equal(RELEASE(recorder), 0);
}

/* A recorder that is not ours: it answers its public interfaces and nothing else. */
static HRESULT foreign_QueryInterface(IDiscRecorder2 *This, REFIID riid, void **out)
{
    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IDiscRecorder2)) {
        *out = This;
        return S_OK;
    }
    *out = NULL;
    return E_NOINTERFACE;
}

static void a_foreign_recorder_is_not_supported(void **state)
{
    static const IDiscRecorder2Vtbl vtbl = {.QueryInterface = foreign_QueryInterface};
    IDiscRecorder2 foreign = {(IDiscRecorder2Vtbl *)&vtbl};
    IDiscFormat2TrackAtOnce *tao = new_tao();
    VARIANT_BOOL supported = VARIANT_TRUE;

    (void)state;
    assert_hr(tao->lpVtbl->put_Recorder(tao, &foreign), 0xC0AA050E);
    assert_hr(tao->lpVtbl->IsRecorderSupported(tao, &foreign, &supported), S_OK);
    assert_int_equal(supported, 0);
    supported = VARIANT_TRUE;
    assert_hr(tao->lpVtbl->IsCurrentMediaSupported(tao, &foreign, &supported), S_OK);
    assert_int_equal(supported, 0);
    assert_hr(tao->lpVtbl->IsRecorderSupported(tao, NULL, &supported), E_POINTER);
    assert_hr(tao->lpVtbl->IsRecorderSupported(tao, &foreign, NULL), E_POINTER);
    assert_hr(tao->lpVtbl->IsCurrentMediaSupported(tao, NULL, &supported), E_POINTER);
    RELEASE(tao);
}

static void a_recorder_may_be_replaced_directly(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    IDiscRecorder2 *recorder = open_recorder(bench->url), *set;

    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(tao->lpVtbl->get_Recorder(tao, &set), S_OK);
    assert_ptr_equal(set, recorder);
    RELEASE(set);
    RELEASE(tao);
    assert_int_equal(RELEASE(recorder), 0);
}

static void supported_media_types_are_cd_r_and_cd_rw(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    SAFEARRAY *array;

    (void)state;
    assert_hr(tao->lpVtbl->get_SupportedMediaTypes(tao, &array), S_OK);
    assert_int_equal(array->rgsabound[0].cElements, 2);
    assert_true(contains(array, 2) && contains(array, 3));
    SafeArrayDestroy(array);
    RELEASE(tao);
}

static void interfaces_that_are_answered(void **state)
{
    static const IID *const answered[] = {&IID_IUnknown,          &IID_IDispatch,
                                          &IID_IDiscFormat2,      &IID_IDiscFormat2TrackAtOnce,
                                          &IID_IBurnVerification, &IID_IConnectionPointContainer};
    IDiscFormat2TrackAtOnce *tao = new_tao();
    IDiscRecorder2 *recorder = new_recorder();
    IUnknown *identity, *face, *again;

    (void)state;
    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IUnknown, (void **)&identity), S_OK);
    for (size_t i = 0; i < sizeof(answered) / sizeof(answered[0]); i++) {
        assert_hr(tao->lpVtbl->QueryInterface(tao, answered[i], (void **)&face), S_OK);
        assert_hr(face->lpVtbl->QueryInterface(face, &IID_IUnknown, (void **)&again), S_OK);
        assert_ptr_equal(again, identity);
        RELEASE(again);
        RELEASE(face);
    }
    RELEASE(identity);
    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IDiscRecorder2, (void **)&face), E_NOINTERFACE);
    assert_null(face);
    assert_hr(recorder->lpVtbl->QueryInterface(recorder, &IID_IDispatch, (void **)&face), S_OK);
    RELEASE(face);
    assert_hr(recorder->lpVtbl->QueryInterface(recorder, &IID_IDiscRecorder2Ex, (void **)&face),
              E_NOINTERFACE);
    assert_int_equal(RELEASE(recorder), 0);
    assert_int_equal(RELEASE(tao), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_initialize_every_call_is_e_fail),
        cmocka_unit_test(null_out_parameters),
        TEST(ids_that_are_no_drive),
        TEST(initialize_again_only_while_nothing_is_held),
        TEST(who_it_is),
        TEST(what_it_can),
        TEST(the_tray_goes_out_and_in),
        TEST(mcn_counts_and_never_goes_below_zero),
        TEST(put_recorder_null_detaches),
        TEST(an_uninitialised_recorder_is_not_supported),
        cmocka_unit_test(a_foreign_recorder_is_not_supported),
        TEST(a_recorder_may_be_replaced_directly),
        cmocka_unit_test(supported_media_types_are_cd_r_and_cd_rw),
        cmocka_unit_test(interfaces_that_are_answered),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

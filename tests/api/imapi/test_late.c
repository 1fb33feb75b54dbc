/* SPDX-License-Identifier: MIT */
/* Late binding: every member by its name, through IDispatch alone, as a script reaches it. */
#include "tests/api/imapi/support.h"

static DISPID id_of(IDispatch *object, const OLECHAR *name)
{
    LPOLESTR names[1] = {(LPOLESTR)name};
    DISPID id = -77;

    assert_hr(object->lpVtbl->GetIDsOfNames(object, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, &id),
              S_OK);
    return id;
}

static HRESULT invoke(IDispatch *object, const OLECHAR *name, WORD flags, VARIANT *args, UINT count,
                      VARIANT *result)
{
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = {args, NULL, count, 0};

    if (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) {
        params.rgdispidNamedArgs = &put;
        params.cNamedArgs = 1;
    }
    if (result != NULL) {
        VariantInit(result);
    }
    return object->lpVtbl->Invoke(object, id_of(object, name), &IID_NULL, LOCALE_USER_DEFAULT,
                                  flags, &params, result, NULL, NULL);
}

static HRESULT call(IDispatch *object, const OLECHAR *name)
{
    return invoke(object, name, DISPATCH_METHOD, NULL, 0, NULL);
}

static HRESULT call1(IDispatch *object, const OLECHAR *name, VARIANT arg)
{
    return invoke(object, name, DISPATCH_METHOD, &arg, 1, NULL);
}

static HRESULT put(IDispatch *object, const OLECHAR *name, VARIANT value)
{
    return invoke(object, name, DISPATCH_PROPERTYPUT, &value, 1, NULL);
}

static VARIANT get(IDispatch *object, const OLECHAR *name, VARTYPE vt)
{
    VARIANT value;

    assert_hr(invoke(object, name, DISPATCH_PROPERTYGET, NULL, 0, &value), S_OK);
    assert_int_equal(value.vt, vt);
    return value;
}

static VARIANT text(BSTR bstr)
{
    VARIANT value = {.vt = VT_BSTR};

    value.bstrVal = bstr;
    return value;
}

static VARIANT boolean(VARIANT_BOOL flag)
{
    VARIANT value = {.vt = VT_BOOL};

    value.boolVal = flag;
    return value;
}

static VARIANT object_of(void *object)
{
    VARIANT value = {.vt = VT_DISPATCH};

    value.pdispVal = object;
    return value;
}

static IDispatch *create(const OLECHAR *progid)
{
    IDispatch *object;
    CLSID clsid;

    assert_hr(CLSIDFromProgID(progid, &clsid), S_OK);
    assert_hr(CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IDispatch, (void **)&object), S_OK);
    return object;
}

static IDispatch *recorder_by_name(struct bench *bench)
{
    IDispatch *recorder = create(u"IMAPI2.MsftDiscRecorder2");

    assert_hr(call1(recorder, u"InitializeDiscRecorder", text(bench->url)), S_OK);
    return recorder;
}

static void ids_are_microsofts(void **state)
{
    static const struct {
        const OLECHAR *name;
        DISPID id;
    } rows[] = {
        {u"IsRecorderSupported", 0x800},
        {u"IsCurrentMediaSupported", 0x801},
        {u"MediaPhysicallyBlank", 0x700},
        {u"MediaHeuristicallyBlank", 0x701},
        {u"SupportedMediaTypes", 0x702},
        {u"PrepareMedia", 0x200},
        {u"AddAudioTrack", 0x201},
        {u"CancelAddTrack", 0x202},
        {u"ReleaseMedia", 0x203},
        {u"SetWriteSpeed", 0x204},
        {u"Recorder", 0x100},
        {u"BufferUnderrunFreeDisabled", 0x102},
        {u"NumberOfExistingTracks", 0x103},
        {u"TotalSectorsOnMedia", 0x104},
        {u"FreeSectorsOnMedia", 0x105},
        {u"UsedSectorsOnMedia", 0x106},
        {u"DoNotFinalizeMedia", 0x107},
        {u"ExpectedTableOfContents", 0x10A},
        {u"CurrentPhysicalMediaType", 0x10B},
        {u"ClientName", 0x10E},
        {u"RequestedWriteSpeed", 0x10F},
        {u"RequestedRotationTypeIsPureCAV", 0x110},
        {u"CurrentWriteSpeed", 0x111},
        {u"CurrentRotationTypeIsPureCAV", 0x112},
        {u"SupportedWriteSpeeds", 0x113},
        {u"SupportedWriteSpeedDescriptors", 0x114},
        {u"clientname", 0x10E}, /* in any case */
    };
    IDispatch *tao = create(u"IMAPI2.MsftDiscFormat2TrackAtOnce");

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(id_of(tao, rows[i].name), rows[i].id);
    }
    RELEASE(tao);
}

static void a_whole_burn_by_name(void **state)
{
    struct bench *bench = *state;
    IDispatch *recorder = recorder_by_name(bench);
    IDispatch *tao = create(u"imapi2.msftdiscformat2trackatonce");
    BSTR name = SysAllocString(u"Script 1.0");
    VARIANT value, args[2] = {{.vt = VT_BOOL}, {.vt = VT_I4}};

    assert_hr(invoke(tao, u"PrepareMedia", DISPATCH_METHOD, NULL, 0, NULL), 0xC0AA050A);
    value = object_of(recorder);
    assert_hr(invoke(tao, u"IsRecorderSupported", DISPATCH_METHOD, &value, 1, &args[0]), S_OK);
    assert_int_equal(args[0].boolVal, -1);
    assert_hr(invoke(tao, u"IsCurrentMediaSupported", DISPATCH_METHOD, &value, 1, &args[0]), S_OK);
    assert_int_equal(args[0].boolVal, -1);
    assert_hr(put(tao, u"Recorder", value), S_OK);
    value = get(tao, u"Recorder", VT_DISPATCH);
    VariantClear(&value);
    assert_hr(put(tao, u"ClientName", text(name)), S_OK);
    value = get(tao, u"ClientName", VT_BSTR);
    assert_memory_equal(value.bstrVal, u"Script 1.0", 22);
    VariantClear(&value);
    assert_hr(put(tao, u"DoNotFinalizeMedia", boolean(VARIANT_TRUE)), S_OK);
    assert_int_equal(get(tao, u"DoNotFinalizeMedia", VT_BOOL).boolVal, -1);
    args[1].lVal = 600; /* the first argument last: 8x, then not pure CAV */
    args[0].boolVal = VARIANT_FALSE;
    assert_true(SUCCEEDED(invoke(tao, u"SetWriteSpeed", DISPATCH_METHOD, args, 2, NULL)));
    assert_int_equal(get(tao, u"RequestedWriteSpeed", VT_I4).lVal, 600);
    assert_int_equal(get(tao, u"RequestedRotationTypeIsPureCAV", VT_BOOL).boolVal, 0);
    assert_int_equal(get(tao, u"CurrentPhysicalMediaType", VT_I4).lVal, 2);
    assert_int_equal(get(tao, u"MediaPhysicallyBlank", VT_BOOL).boolVal, -1);
    assert_int_equal(get(tao, u"MediaHeuristicallyBlank", VT_BOOL).boolVal, -1);
    assert_hr(call(tao, u"CancelAddTrack"), 0xC0AA0501);
    assert_hr(call(tao, u"PrepareMedia"), S_OK);
    assert_hr(put(tao, u"ClientName", text(name)), 0xC0AA0503);
    assert_hr(put(tao, u"BufferUnderrunFreeDisabled", boolean(VARIANT_TRUE)), S_OK);
    assert_int_equal(get(tao, u"BufferUnderrunFreeDisabled", VT_BOOL).boolVal, -1);
    value.vt = VT_UNKNOWN;
    value.punkVal = (IUnknown *)SHCreateMemStream((const BYTE *)"12345678", 8);
    assert_hr(call1(tao, u"AddAudioTrack", value), S_OK);
    VariantClear(&value);
    assert_int_equal(get(tao, u"NumberOfExistingTracks", VT_I4).lVal, 1);
    assert_int_equal(get(tao, u"TotalSectorsOnMedia", VT_I4).lVal, 359843);
    assert_int_equal(get(tao, u"UsedSectorsOnMedia", VT_I4).lVal, 452);
    assert_int_equal(get(tao, u"FreeSectorsOnMedia", VT_I4).lVal, 359843 - 452);
    value = get(tao, u"ExpectedTableOfContents", VT_ARRAY | VT_VARIANT);
    VariantClear(&value);
    assert_hr(call(tao, u"ReleaseMedia"), S_OK);
    assert_hr(put(tao, u"Recorder", object_of(NULL)), S_OK);
    SysFreeString(name);
    RELEASE(tao);
    RELEASE(recorder);
}

static void speeds_by_name(void **state)
{
    struct bench *bench = *state;
    IDispatch *recorder = recorder_by_name(bench);
    IDispatch *tao = create(u"IMAPI2.MsftDiscFormat2TrackAtOnce");
    VARIANT speeds, descriptors, *elements, *objects;

    assert_hr(put(tao, u"Recorder", object_of(recorder)), S_OK);
    assert_true(get(tao, u"CurrentWriteSpeed", VT_I4).lVal >= 75);
    get(tao, u"CurrentRotationTypeIsPureCAV", VT_BOOL);
    speeds = get(tao, u"SupportedWriteSpeeds", VT_ARRAY | VT_VARIANT);
    descriptors = get(tao, u"SupportedWriteSpeedDescriptors", VT_ARRAY | VT_VARIANT);
    elements = speeds.parray->pvData;
    objects = descriptors.parray->pvData;
    assert_true(speeds.parray->rgsabound[0].cElements >= 1);
    assert_int_equal(elements[0].vt, VT_UI4);
    assert_int_equal(objects[0].vt, VT_DISPATCH);
    assert_int_equal(get(objects[0].pdispVal, u"WriteSpeed", VT_I4).lVal, elements[0].ulVal);
    assert_int_equal(get(objects[0].pdispVal, u"MediaType", VT_I4).lVal, 2);
    get(objects[0].pdispVal, u"RotationTypeIsPureCAV", VT_BOOL);
    VariantClear(&speeds);
    VariantClear(&descriptors);
    RELEASE(tao);
    RELEASE(recorder);
}

static void the_recorder_by_name(void **state)
{
    struct bench *bench = *state;
    IDispatch *recorder = recorder_by_name(bench);
    BSTR name = SysAllocString(u"Script");
    VARIANT args[2], value;
    static const OLECHAR *const arrays[] = {u"VolumePathNames",     u"SupportedFeaturePages",
                                            u"CurrentFeaturePages", u"SupportedProfiles",
                                            u"CurrentProfiles",     u"SupportedModePages"};
    static const OLECHAR *const texts[] = {u"ActiveDiscRecorder", u"VendorId", u"ProductId",
                                           u"ProductRevision", u"VolumeName"};

    args[0] = text(name); /* clientName, then force */
    args[1] = boolean(VARIANT_FALSE);
    assert_hr(invoke(recorder, u"AcquireExclusiveAccess", DISPATCH_METHOD, args, 2, NULL), S_OK);
    value = get(recorder, u"ExclusiveAccessOwner", VT_BSTR);
    assert_memory_equal(value.bstrVal, u"Script", 14);
    VariantClear(&value);
    assert_hr(call(recorder, u"ReleaseExclusiveAccess"), S_OK);
    assert_hr(call(recorder, u"DisableMcn"), S_OK);
    assert_hr(call(recorder, u"EnableMcn"), S_OK);
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        value = get(recorder, arrays[i], VT_ARRAY | VT_VARIANT);
        VariantClear(&value);
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        value = get(recorder, texts[i], VT_BSTR);
        assert_true(SysStringLen(value.bstrVal) > 0);
        VariantClear(&value);
    }
    assert_int_equal(get(recorder, u"DeviceCanLoadMedia", VT_BOOL).boolVal, -1);
    get(recorder, u"LegacyDeviceNumber", VT_I4);
    assert_hr(call(recorder, u"EjectMedia"), S_OK);
    assert_hr(call(recorder, u"CloseTray"), S_OK);
    SysFreeString(name);
    RELEASE(recorder);
}

/* The sink reads its arguments as a script would. */
static unsigned seen;

static HRESULT script_QueryInterface(IDispatch *This, REFIID riid, void **out)
{
    (void)riid;
    *out = This;
    return S_OK;
}

static ULONG script_count(IDispatch *This)
{
    (void)This;
    return 1;
}

static HRESULT script_Invoke(IDispatch *This, DISPID id, REFIID riid, LCID lcid, WORD flags,
                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                             UINT *bad_arg)
{
    IDispatch *progress = params->rgvarg[0].pdispVal, *tao = params->rgvarg[1].pdispVal;
    static const struct {
        const OLECHAR *name;
        DISPID id;
    } rows[] = {
        {u"StartLba", 0x100},         {u"SectorCount", 0x101},        {u"LastReadLba", 0x102},
        {u"LastWrittenLba", 0x103},   {u"TotalSystemBuffer", 0x106},  {u"UsedSystemBuffer", 0x107},
        {u"FreeSystemBuffer", 0x108}, {u"CurrentTrackNumber", 0x300}, {u"CurrentAction", 0x301},
        {u"ElapsedTime", 0x302},      {u"RemainingTime", 0x303},
    };

    (void)This, (void)id, (void)riid, (void)lcid, (void)flags, (void)result, (void)exception;
    (void)bad_arg;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(id_of(progress, rows[i].name), rows[i].id);
        get(progress, rows[i].name, VT_I4);
    }
    assert_int_equal(get(progress, u"CurrentTrackNumber", VT_I4).lVal, 1);
    assert_hr(call(tao, u"ReleaseMedia"), 0xC0AA0500);
    seen++;
    return S_OK;
}

static void the_events_arguments_by_name(void **state)
{
    static const IDispatchVtbl vtbl = {.QueryInterface = script_QueryInterface,
                                       .AddRef = script_count,
                                       .Release = script_count,
                                       .Invoke = script_Invoke};
    IDispatch script = {(IDispatchVtbl *)&vtbl};
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_sink other = {0};
    struct test_stream stream;
    IConnectionPointContainer *container;
    IConnectionPoint *point;
    DWORD cookie;

    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IConnectionPointContainer, (void **)&container),
              S_OK);
    assert_hr(container->lpVtbl->FindConnectionPoint(container, &IID_DDiscFormat2TrackAtOnceEvents,
                                                     &point),
              S_OK);
    assert_hr(point->lpVtbl->Advise(point, (IUnknown *)&script, &cookie), S_OK);
    sink_advise(&other, tao); /* a second sink hears the same */
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_true(seen >= 3);
    assert_int_equal(other.count, seen);
    assert_hr(point->lpVtbl->Unadvise(point, cookie), S_OK);
    sink_unadvise(&other, tao);
    RELEASE(point);
    RELEASE(container);
    RELEASE(tao);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_microsofts),
        TEST(a_whole_burn_by_name),
        TEST(speeds_by_name),
        TEST(the_recorder_by_name),
        TEST(the_events_arguments_by_name),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

/* SPDX-License-Identifier: MIT */
/*
 * A C program that burns audio through IMAPIv2, as one would on Windows, and shows on the way when
 * put_ClientName refuses:
 *
 *     burn URL CLIENT-NAME TRACK.pcm...
 *
 * A track is samples alone, 44.1 kHz, stereo, 16 bits. Where the environment has DEMO_ASK, it is
 * run as a command in the middle of the first track: somebody else who asks about the drive.
 */
#define COBJMACROS
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2_linux.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what is shown ---- */

static int failures;

static const char *name_of(HRESULT hr)
{
    const char *name = imapi2_hresult_name(hr);
    return name != NULL ? name : "an HRESULT without a name";
}

/* One line: the call, what it gave, and what was to be expected where that differs. */
static void show(const char *call, HRESULT got, HRESULT expected)
{
    printf("  %-42s 0x%08X %s\n", call, (unsigned)got, name_of(got));
    if (got != expected) {
        printf("  ^ expected 0x%08X %s\n", (unsigned)expected, name_of(expected));
        failures++;
    }
    fflush(stdout);
}

static BSTR bstr(const char *text)
{
    BSTR result;
    if (FAILED(imapi2_bstr_from_utf8(text, &result)))
        abort();
    return result;
}

static void show_text(const char *what, BSTR value)
{
    char *text = NULL;
    if (SUCCEEDED(imapi2_utf8_from_bstr(value, &text)))
        printf("  %-42s \"%s\"\n", what, text);
    CoTaskMemFree(text);
    SysFreeString(value);
}

static void try_name(IDiscFormat2TrackAtOnce *format, const char *when, const char *name,
                     HRESULT expected)
{
    BSTR value = bstr(name);
    show(when, IDiscFormat2TrackAtOnce_put_ClientName(format, value), expected);
    SysFreeString(value);
}

/* ---- a malloc spy that refuses ---- */

static BOOL refuse;

static HRESULT spy_query(IMallocSpy *spy, REFIID iid, void **out)
{
    *out = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IMallocSpy) ? spy : NULL;
    return *out != NULL ? S_OK : E_NOINTERFACE;
}
static ULONG spy_count(IMallocSpy *spy)
{
    (void)spy;
    return 1; /* it lives as long as the program */
}
static SIZE_T spy_pre_alloc(IMallocSpy *spy, SIZE_T size)
{
    (void)spy;
    return refuse ? 0 : size;
}
static void *spy_post_alloc(IMallocSpy *spy, void *block)
{
    (void)spy;
    return block;
}
static void *spy_pre_free(IMallocSpy *spy, void *block, BOOL spyed)
{
    (void)spy, (void)spyed;
    return block;
}
static void spy_post_free(IMallocSpy *spy, BOOL spyed)
{
    (void)spy, (void)spyed;
}
static SIZE_T spy_pre_realloc(IMallocSpy *spy, void *block, SIZE_T size, void **now, BOOL spyed)
{
    (void)spy, (void)spyed;
    *now = block;
    return refuse ? 0 : size;
}
static void *spy_post_realloc(IMallocSpy *spy, void *block, BOOL spyed)
{
    (void)spy, (void)spyed;
    return block;
}
static void *spy_pre_size(IMallocSpy *spy, void *block, BOOL spyed)
{
    (void)spy, (void)spyed;
    return block;
}
static SIZE_T spy_post_size(IMallocSpy *spy, SIZE_T size, BOOL spyed)
{
    (void)spy, (void)spyed;
    return size;
}
static int spy_post_did(IMallocSpy *spy, void *block, BOOL spyed, int actual)
{
    (void)spy, (void)block, (void)spyed;
    return actual;
}
static void spy_nothing(IMallocSpy *spy)
{
    (void)spy;
}

static const IMallocSpyVtbl spy_vtable = {
    .QueryInterface = spy_query,
    .AddRef = spy_count,
    .Release = spy_count,
    .PreAlloc = spy_pre_alloc,
    .PostAlloc = spy_post_alloc,
    .PreFree = spy_pre_free,
    .PostFree = spy_post_free,
    .PreRealloc = spy_pre_realloc,
    .PostRealloc = spy_post_realloc,
    .PreGetSize = spy_pre_size,
    .PostGetSize = spy_post_size,
    .PreDidAlloc = spy_pre_size,
    .PostDidAlloc = spy_post_did,
    .PreHeapMinimize = spy_nothing,
    .PostHeapMinimize = spy_nothing,
};
static IMallocSpy spy = {(IMallocSpyVtbl *)&spy_vtable};

/* ---- an event sink that speaks while a track is written ---- */

static IDiscFormat2TrackAtOnce *burning;
static BOOL tried, asked;

static void on_writing(void)
{
    tried = TRUE;
    try_name(burning, "put_ClientName, from the event handler", "Somebody Else",
             E_IMAPI_DF2TAO_WRITE_IN_PROGRESS);
}

/* The track's samples are with the drive, which has not closed it yet. */
static void on_finishing(void)
{
    asked = TRUE;
    const char *command = getenv("DEMO_ASK");
    if (command != NULL && system(command) != 0)
        failures++;
}

static HRESULT sink_query(IDispatch *sink, REFIID iid, void **out)
{
    BOOL known = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch) ||
                 IsEqualIID(iid, &IID_DDiscFormat2TrackAtOnceEvents);
    *out = known ? sink : NULL;
    return known ? S_OK : E_NOINTERFACE;
}
static ULONG sink_count(IDispatch *sink)
{
    (void)sink;
    return 1;
}
static HRESULT sink_types(IDispatch *sink, UINT *count)
{
    (void)sink;
    *count = 0;
    return S_OK;
}
static HRESULT sink_type(IDispatch *sink, UINT index, LCID locale, ITypeInfo **info)
{
    (void)sink, (void)index, (void)locale;
    *info = NULL;
    return E_NOTIMPL;
}
static HRESULT sink_names(IDispatch *sink, REFIID iid, LPOLESTR *names, UINT count, LCID locale,
                          DISPID *ids)
{
    (void)sink, (void)iid, (void)names, (void)count, (void)locale, (void)ids;
    return E_NOTIMPL;
}
/* Update(object, progress), called late bound: the last argument stands first. */
static HRESULT sink_invoke(IDispatch *sink, DISPID id, REFIID iid, LCID locale, WORD flags,
                           DISPPARAMS *arguments, VARIANT *result, EXCEPINFO *info, UINT *wrong)
{
    (void)sink, (void)id, (void)iid, (void)locale, (void)flags, (void)result, (void)info,
        (void)wrong;
    IDiscFormat2TrackAtOnceEventArgs *progress;
    IMAPI_FORMAT2_TAO_WRITE_ACTION action = IMAPI_FORMAT2_TAO_WRITE_ACTION_UNKNOWN;
    if (FAILED(IDispatch_QueryInterface(V_DISPATCH(&arguments->rgvarg[0]),
                                        &IID_IDiscFormat2TrackAtOnceEventArgs, (void **)&progress)))
        return S_OK;
    IDiscFormat2TrackAtOnceEventArgs_get_CurrentAction(progress, &action);
    IDiscFormat2TrackAtOnceEventArgs_Release(progress);
    if (action == IMAPI_FORMAT2_TAO_WRITE_ACTION_WRITING && !tried)
        on_writing();
    if (action == IMAPI_FORMAT2_TAO_WRITE_ACTION_FINISHING && !asked)
        on_finishing();
    return S_OK;
}

static const IDispatchVtbl sink_vtable = {
    .QueryInterface = sink_query,
    .AddRef = sink_count,
    .Release = sink_count,
    .GetTypeInfoCount = sink_types,
    .GetTypeInfo = sink_type,
    .GetIDsOfNames = sink_names,
    .Invoke = sink_invoke,
};
static IDispatch sink = {(IDispatchVtbl *)&sink_vtable};

static HRESULT connect_sink(IDiscFormat2TrackAtOnce *format, IConnectionPoint **point,
                            DWORD *cookie)
{
    IConnectionPointContainer *container;
    HRESULT hr = IDiscFormat2TrackAtOnce_QueryInterface(format, &IID_IConnectionPointContainer,
                                                        (void **)&container);
    if (FAILED(hr))
        return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container,
                                                       &IID_DDiscFormat2TrackAtOnceEvents, point);
    IConnectionPointContainer_Release(container);
    return SUCCEEDED(hr) ? IConnectionPoint_Advise(*point, (IUnknown *)&sink, cookie) : hr;
}

/* ---- the burn ---- */

static HRESULT add_track(IDiscFormat2TrackAtOnce *format, const char *path)
{
    IStream *stream;
    BSTR file = bstr(path);
    HRESULT hr =
        SHCreateStreamOnFileEx(file, STGM_READ, FILE_ATTRIBUTE_NORMAL, FALSE, NULL, &stream);
    SysFreeString(file);
    if (FAILED(hr))
        return hr;
    hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
    IStream_Release(stream);
    return hr;
}

/* Before anything is prepared: no memory, and a name with a character that it may not have. */
static void show_refusals(IDiscFormat2TrackAtOnce *format)
{
    BSTR name = bstr("Somebody Else"), kept = NULL;
    show("CoRegisterMallocSpy", CoRegisterMallocSpy(&spy), S_OK);
    refuse = TRUE;
    HRESULT hr = IDiscFormat2TrackAtOnce_put_ClientName(format, name);
    refuse = FALSE;
    show("put_ClientName, without memory", hr, E_OUTOFMEMORY);
    SysFreeString(name);
    try_name(format, "put_ClientName(\"Burner/1.0\")", "Burner/1.0",
             E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID);
    if (SUCCEEDED(IDiscFormat2TrackAtOnce_get_ClientName(format, &kept)))
        show_text("get_ClientName, the first one kept:", kept);
}

static void burn(IDiscFormat2TrackAtOnce *format, char **tracks)
{
    HRESULT hr = IDiscFormat2TrackAtOnce_PrepareMedia(format);
    show("PrepareMedia", hr, S_OK);
    if (FAILED(hr))
        return;
    try_name(format, "put_ClientName, media prepared", "Somebody Else",
             E_IMAPI_DF2TAO_MEDIA_IS_PREPARED);
    for (char **track = tracks; *track != NULL; track++)
        show("AddAudioTrack", add_track(format, *track), S_OK);
    show("ReleaseMedia", IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
}

int main(int argc, char **argv)
{
    IDiscRecorder2 *recorder = NULL;
    IConnectionPoint *point = NULL;
    DWORD cookie = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: burn URL CLIENT-NAME TRACK.pcm...\n");
        return 2;
    }
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    HRESULT hr = CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2,
                                  (void **)&recorder);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                              &IID_IDiscFormat2TrackAtOnce, (void **)&burning);
    show("CoCreateInstance", hr, S_OK);
    if (FAILED(hr))
        return 1;
    BSTR url = bstr(argv[1]);
    show("InitializeDiscRecorder", IDiscRecorder2_InitializeDiscRecorder(recorder, url), S_OK);
    SysFreeString(url);
    show("put_Recorder", IDiscFormat2TrackAtOnce_put_Recorder(burning, recorder), S_OK);
    try_name(burning, "put_ClientName", argv[2], S_OK);
    show("Advise an event sink", connect_sink(burning, &point, &cookie), S_OK);
    show_refusals(burning);
    burn(burning, argv + 3);
    if (!tried || !asked) {
        printf("  ^ no event came while a track was written\n");
        failures++;
    }
    if (point != NULL) {
        IConnectionPoint_Unadvise(point, cookie);
        IConnectionPoint_Release(point);
    }
    IDiscFormat2TrackAtOnce_Release(burning);
    IDiscRecorder2_Release(recorder);
    CoRevokeMallocSpy();
    CoUninitialize();
    return failures == 0 ? 0 : 1;
}

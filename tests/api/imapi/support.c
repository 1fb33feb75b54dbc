/* SPDX-License-Identifier: MIT */
#include "tests/api/imapi/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include "api/transport/transport.h"

/* ---- a disc */

int com_up(void **state)
{
    (void)state;
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED));
}

int com_down(void **state)
{
    (void)state;
    CoUninitialize();
    return 0;
}

static void make_disc(const char *path, enum vcdr_medium medium, int32_t last_lead_out_lba)
{
    struct vcdr_geometry geometry = {
        .medium = medium,
        .lead_in_lba = -11634,
        .last_lead_out_lba = last_lead_out_lba,
    };
    struct vcdr_store store;

    unlink(path);
    assert_int_equal(vcdr_store_file(path, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), 0);
    store.ops->close(store.ctx);
}

static BSTR url_of(const char *path)
{
    char url[128];
    BSTR bstr;

    snprintf(url, sizeof(url), "embedded:%s", path);
    assert_int_equal(imapi2_bstr_from_utf8(url, &bstr), S_OK);
    return bstr;
}

int bench_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    snprintf(bench->dir, sizeof(bench->dir), "%s/imapi-test-XXXXXX", P_tmpdir);
    if (mkdtemp(bench->dir) == NULL) {
        return -1;
    }
    snprintf(bench->disc, sizeof(bench->disc), "%s/disc", bench->dir);
    bench->url = url_of(bench->disc);
    make_disc(bench->disc, VCDR_MEDIUM_CD_R, 359845); /* 79:59:70 */
    *state = bench;
    return 0;
}

int bench_down(void **state)
{
    struct bench *bench = *state;
    char path[112];

    unlink(bench->disc);
    snprintf(path, sizeof(path), "%s/other", bench->dir);
    unlink(path);
    rmdir(bench->dir);
    SysFreeString(bench->url);
    free(bench);
    return 0;
}

void bench_rewritable(struct bench *bench)
{
    make_disc(bench->disc, VCDR_MEDIUM_CD_RW, 359845);
}

void bench_disc(struct bench *bench, int32_t last_lead_out_lba)
{
    make_disc(bench->disc, VCDR_MEDIUM_CD_R, last_lead_out_lba);
}

BSTR bench_another(struct bench *bench, int32_t last_lead_out_lba)
{
    char path[112];

    snprintf(path, sizeof(path), "%s/other", bench->dir);
    make_disc(path, VCDR_MEDIUM_CD_R, last_lead_out_lba);
    return url_of(path);
}

/* ---- objects */

static void *create(REFCLSID clsid, REFIID iid)
{
    void *object = NULL;

    assert_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object), S_OK);
    assert_non_null(object);
    return object;
}

IDiscRecorder2 *new_recorder(void)
{
    return create(&CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2);
}

IDiscRecorder2 *open_recorder(BSTR url)
{
    IDiscRecorder2 *recorder = new_recorder();

    assert_hr(recorder->lpVtbl->InitializeDiscRecorder(recorder, url), S_OK);
    return recorder;
}

IDiscFormat2TrackAtOnce *new_tao(void)
{
    return create(&CLSID_MsftDiscFormat2TrackAtOnce, &IID_IDiscFormat2TrackAtOnce);
}

IDiscFormat2TrackAtOnce *ready_tao(struct bench *bench)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    IDiscRecorder2 *recorder = open_recorder(bench->url);

    assert_hr(put_name(tao, "First Burner 1.0"), S_OK);
    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    RELEASE(recorder);
    return tao;
}

IDiscFormat2TrackAtOnce *prepared_tao(struct bench *bench)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);

    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    return tao;
}

HRESULT put_name(IDiscFormat2TrackAtOnce *tao, const char *name)
{
    BSTR bstr;
    HRESULT hr;

    assert_hr(imapi2_bstr_from_utf8(name, &bstr), S_OK);
    hr = tao->lpVtbl->put_ClientName(tao, bstr);
    SysFreeString(bstr);
    return hr;
}

static const char *narrow(BSTR bstr, char *out, size_t size)
{
    char *text;

    assert_non_null(bstr);
    assert_hr(imapi2_utf8_from_bstr(bstr, &text), S_OK);
    snprintf(out, size, "%s", text);
    CoTaskMemFree(text);
    SysFreeString(bstr);
    return out;
}

const char *owner_seen(BSTR url)
{
    static char owner[80];
    IDiscRecorder2 *stranger = open_recorder(url);
    BSTR bstr;

    assert_hr(stranger->lpVtbl->get_ExclusiveAccessOwner(stranger, &bstr), S_OK);
    RELEASE(stranger);
    return narrow(bstr, owner, sizeof(owner));
}

const char *name_of(IDiscFormat2TrackAtOnce *tao)
{
    static char name[80];
    BSTR bstr;

    assert_hr(tao->lpVtbl->get_ClientName(tao, &bstr), S_OK);
    return narrow(bstr, name, sizeof(name));
}

/* ---- a stream */

uint8_t sample(uint32_t seed, uint64_t position)
{
    uint32_t x = (uint32_t)(position / 4) * 2654435761u + seed * 40503u + 1;

    x ^= x >> 15;
    x *= 2246822519u;
    return (uint8_t)((x ^ x >> 13) >> (8 * (position % 4)));
}

static struct test_stream *enter(IStream *This, const char *method)
{
    struct test_stream *stream = (struct test_stream *)This;

    if (stream->hook != NULL) {
        stream->hook(stream->ctx, method, stream->position);
    }
    return stream;
}

static HRESULT stream_QueryInterface(IStream *This, REFIID riid, void **out)
{
    (void)This, (void)riid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG stream_AddRef(IStream *This)
{
    return ++enter(This, "AddRef")->refs;
}

static ULONG stream_Release(IStream *This)
{
    return --enter(This, "Release")->refs;
}

static HRESULT stream_Read(IStream *This, void *buffer, ULONG wanted, ULONG *count)
{
    struct test_stream *stream = enter(This, "Read");
    uint8_t *bytes = buffer;
    uint64_t end = stream->size < stream->ends_at ? stream->size : stream->ends_at;
    ULONG n = 0;

    *count = 0;
    if (stream->over_report) {
        *count = wanted + 1;
        return S_OK;
    }
    while (n < wanted && (stream->most == 0 || n < stream->most)) {
        if (stream->position >= stream->fail_at) {
            *count = n;
            return n > 0 ? S_OK : stream->failure;
        }
        if (stream->position >= end) {
            break;
        }
        bytes[n++] = sample(stream->seed, stream->position++);
    }
    *count = n;
    return n < wanted ? S_FALSE : S_OK;
}

static HRESULT stream_Seek(IStream *This, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *out)
{
    struct test_stream *stream = enter(This, "Seek");

    if (FAILED(stream->seek)) {
        return stream->seek;
    }
    stream->position = origin == STREAM_SEEK_END   ? stream->size + (uint64_t)move.QuadPart
                       : origin == STREAM_SEEK_CUR ? stream->position + (uint64_t)move.QuadPart
                                                   : (uint64_t)move.QuadPart;
    if (out != NULL) {
        out->QuadPart = stream->position;
    }
    return S_OK;
}

static HRESULT stream_Stat(IStream *This, STATSTG *stat, DWORD flag)
{
    struct test_stream *stream = enter(This, "Stat");

    assert_int_equal(flag, STATFLAG_NONAME);
    if (FAILED(stream->stat)) {
        return stream->stat;
    }
    memset(stat, 0, sizeof(*stat));
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = stream->size;
    return S_OK;
}

static const IStreamVtbl stream_vtbl = {
    .QueryInterface = stream_QueryInterface,
    .AddRef = stream_AddRef,
    .Release = stream_Release,
    .Read = stream_Read,
    .Seek = stream_Seek,
    .Stat = stream_Stat,
};

void stream_init(struct test_stream *stream, uint64_t size, uint32_t seed)
{
    *stream = (struct test_stream){
        .iface.lpVtbl = (IStreamVtbl *)&stream_vtbl,
        .refs = 1,
        .size = size,
        .position = size / 2, /* not at its beginning: AddAudioTrack rewinds */
        .seed = seed,
        .fail_at = UINT64_MAX,
        .ends_at = UINT64_MAX,
    };
}

/* ---- an event sink */

static HRESULT sink_QueryInterface(IDispatch *This, REFIID riid, void **out)
{
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch) &&
        !IsEqualIID(riid, &IID_DDiscFormat2TrackAtOnceEvents)) {
        *out = NULL;
        return E_NOINTERFACE;
    }
    *out = This;
    This->lpVtbl->AddRef(This);
    return S_OK;
}

static ULONG sink_AddRef(IDispatch *This)
{
    return ++((struct test_sink *)This)->refs;
}

static ULONG sink_Release(IDispatch *This)
{
    return --((struct test_sink *)This)->refs;
}

static struct test_event event_of(IDispatch *progress)
{
    IDiscFormat2TrackAtOnceEventArgs *args;
    IMAPI_FORMAT2_TAO_WRITE_ACTION action;
    struct test_event event;

    assert_hr(progress->lpVtbl->QueryInterface(progress, &IID_IDiscFormat2TrackAtOnceEventArgs,
                                               (void **)&args),
              S_OK);
    assert_hr(args->lpVtbl->get_CurrentAction(args, &action), S_OK);
    event.action = action;
    assert_hr(args->lpVtbl->get_CurrentTrackNumber(args, &event.track), S_OK);
    assert_hr(args->lpVtbl->get_StartLba(args, &event.start_lba), S_OK);
    assert_hr(args->lpVtbl->get_SectorCount(args, &event.sectors), S_OK);
    assert_hr(args->lpVtbl->get_LastReadLba(args, &event.last_read), S_OK);
    assert_hr(args->lpVtbl->get_LastWrittenLba(args, &event.last_written), S_OK);
    assert_hr(args->lpVtbl->get_ElapsedTime(args, &event.elapsed), S_OK);
    assert_hr(args->lpVtbl->get_RemainingTime(args, &event.remaining), S_OK);
    assert_hr(args->lpVtbl->get_TotalSystemBuffer(args, &event.total_buffer), S_OK);
    assert_hr(args->lpVtbl->get_UsedSystemBuffer(args, &event.used_buffer), S_OK);
    assert_hr(args->lpVtbl->get_FreeSystemBuffer(args, &event.free_buffer), S_OK);
    RELEASE(args);
    return event;
}

static HRESULT sink_Invoke(IDispatch *This, DISPID id, REFIID riid, LCID lcid, WORD flags,
                           DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_arg)
{
    struct test_sink *sink = (struct test_sink *)This;
    struct test_event event;

    (void)riid, (void)lcid, (void)result, (void)exception, (void)bad_arg;
    assert_int_equal(id, 0x200);
    assert_int_equal(flags, DISPATCH_METHOD);
    assert_int_equal(params->cArgs, 2);
    assert_int_equal(params->rgvarg[0].vt, VT_DISPATCH); /* the last argument first: progress */
    assert_int_equal(params->rgvarg[1].vt, VT_DISPATCH);
    event = event_of(params->rgvarg[0].pdispVal);
    sink->object = params->rgvarg[1].pdispVal;
    if (sink->count < 256) {
        sink->events[sink->count] = event;
    }
    sink->count++;
    if (sink->hook != NULL) {
        sink->hook(sink->ctx, &event);
    }
    return E_FAIL; /* results are ignored */
}

/* Slots 3 to 5 and 7 are never called: a call would run off this table. */
static const IDispatchVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .Invoke = sink_Invoke,
};

static IConnectionPoint *point_of(IDiscFormat2TrackAtOnce *tao)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point;

    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IConnectionPointContainer, (void **)&container),
              S_OK);
    assert_hr(container->lpVtbl->FindConnectionPoint(container, &IID_DDiscFormat2TrackAtOnceEvents,
                                                     &point),
              S_OK);
    RELEASE(container);
    return point;
}

void sink_advise(struct test_sink *sink, IDiscFormat2TrackAtOnce *tao)
{
    IConnectionPoint *point = point_of(tao);

    sink->iface.lpVtbl = (IDispatchVtbl *)&sink_vtbl;
    sink->refs = 1;
    assert_hr(point->lpVtbl->Advise(point, (IUnknown *)&sink->iface, &sink->cookie), S_OK);
    RELEASE(point);
}

void sink_unadvise(struct test_sink *sink, IDiscFormat2TrackAtOnce *tao)
{
    IConnectionPoint *point = point_of(tao);

    assert_hr(point->lpVtbl->Unadvise(point, sink->cookie), S_OK);
    RELEASE(point);
    assert_int_equal(sink->refs, 1);
}

unsigned sink_actions(const struct test_sink *sink, LONG action)
{
    unsigned n = 0;

    for (unsigned i = 0; i < sink->count && i < 256; i++) {
        n += sink->events[i].action == action;
    }
    return n;
}

/* ---- memory that fails */

static struct {
    unsigned count, failing;
    bool registered;
} memory;

static HRESULT spy_QueryInterface(IMallocSpy *This, REFIID riid, void **out)
{
    (void)riid;
    *out = This;
    return S_OK;
}

static ULONG spy_AddRef(IMallocSpy *This)
{
    (void)This;
    return 2;
}

static ULONG spy_Release(IMallocSpy *This)
{
    (void)This;
    return 1;
}

static SIZE_T spy_PreAlloc(IMallocSpy *This, SIZE_T size)
{
    (void)This;
    /* none of nothing cannot be refused */
    return size == 0 ? 1 : ++memory.count == memory.failing ? 0 : size;
}

static void *spy_PostAlloc(IMallocSpy *This, void *block)
{
    (void)This;
    return block;
}

static void *spy_PreFree(IMallocSpy *This, void *block, BOOL spied)
{
    (void)This, (void)spied;
    return block;
}

static void spy_PostFree(IMallocSpy *This, BOOL spied)
{
    (void)This, (void)spied;
}

static SIZE_T spy_PreRealloc(IMallocSpy *This, void *block, SIZE_T size, void **out, BOOL spied)
{
    (void)This, (void)spied;
    *out = block;
    return size;
}

static void *spy_PostRealloc(IMallocSpy *This, void *block, BOOL spied)
{
    (void)This, (void)spied;
    return block;
}

static const IMallocSpyVtbl spy_vtbl = {
    .QueryInterface = spy_QueryInterface,
    .AddRef = spy_AddRef,
    .Release = spy_Release,
    .PreAlloc = spy_PreAlloc,
    .PostAlloc = spy_PostAlloc,
    .PreFree = spy_PreFree,
    .PostFree = spy_PostFree,
    .PreRealloc = spy_PreRealloc,
    .PostRealloc = spy_PostRealloc,
};
static IMallocSpy spy = {(IMallocSpyVtbl *)&spy_vtbl};

void memory_fail_nth(unsigned n)
{
    memory.count = 0;
    memory.failing = n;
    if (!memory.registered) {
        assert_hr(CoRegisterMallocSpy(&spy), S_OK);
        memory.registered = true; /* for good: objects that it saw made live on */
    }
}

unsigned memory_allocations(void)
{
    return memory.count;
}

void memory_restore(void)
{
    memory.failing = 0;
}

/* ---- a second nexus, raw */

struct transport *raw_open(struct bench *bench)
{
    struct transport *transport;
    char url[128];

    snprintf(url, sizeof(url), "embedded:%s", bench->disc);
    assert_int_equal(transport_open(url, "raw", &transport, NULL), TRANSPORT_OK);
    return transport;
}

uint8_t raw_command(struct transport *transport, const char *cdb_hex, void *in, size_t in_size,
                    size_t *in_len, uint32_t *sense)
{
    struct transport_task task = {.in = in, .in_size = in_size};
    unsigned byte;
    int used;

    while (sscanf(cdb_hex, "%2x%n", &byte, &used) == 1) {
        task.cdb[task.cdb_len++] = (uint8_t)byte;
        cdb_hex += used;
        cdb_hex += *cdb_hex == ' ';
    }
    assert_int_equal(transport_execute(transport, &task), TRANSPORT_OK);
    if (in_len != NULL) {
        *in_len = task.in_len;
    }
    if (sense != NULL) {
        *sense = task.sense_len < 14 ? 0
                                     : (uint32_t)(task.sense[2] & 0x0F) << 16 |
                                           (uint32_t)task.sense[12] << 8 | task.sense[13];
    }
    return task.status;
}

void raw_read(struct transport *transport, int32_t lba, uint32_t blocks, uint8_t *out)
{
    while (blocks > 0) {
        uint32_t n = blocks < 100 ? blocks : 100;
        char cdb[64];
        size_t got;
        uint32_t u = (uint32_t)lba, sense = 0;
        uint8_t status;

        /* READ CD, expected type 1 (CD-DA), F8: the whole sector */
        snprintf(cdb, sizeof(cdb), "BE 04 %02X %02X %02X %02X 00 00 %02X F8 00 00", u >> 24,
                 u >> 16 & 0xFF, u >> 8 & 0xFF, u & 0xFF, n);
        do {
            status = raw_command(transport, cdb, out, n * SECTOR, &got, &sense);
        } while (status == 0x02 && sense >> 16 == 0x6);
        if (status != 0 || got != n * SECTOR) {
            fail_msg("READ CD at %d: status %02X, sense %06X, %zu bytes", lba, status, sense, got);
        }
        out += n * SECTOR;
        lba += (int32_t)n;
        blocks -= n;
    }
}

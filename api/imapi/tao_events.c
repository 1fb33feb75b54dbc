/* SPDX-License-Identifier: MIT */
/* DDiscFormat2TrackAtOnceEvents: Update, and the object that says how far the track is. */
#include "api/imapi/tao.h"

#include "api/com/dispatch.h"
#include "api/com/dispatch_tables.h"

#define DISPID_UPDATE 0x200

/* Made for one event and never changed: a handler may keep it. */
struct event_args {
    struct com_object com;
    struct com_face face; /* IDiscFormat2TrackAtOnceEventArgs */
    struct tao_progress progress;
};

static HRESULT get_long(IDiscFormat2TrackAtOnceEventArgs *This, size_t member, LONG *value)
{
    const struct event_args *args = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    *value = *(const LONG *)((const char *)&args->progress + member);
    return S_OK;
}

#define GETTER(name, member)                                                                       \
    static HRESULT args_get_##name(IDiscFormat2TrackAtOnceEventArgs *This, LONG *value)            \
    {                                                                                              \
        return get_long(This, offsetof(struct tao_progress, member), value);                       \
    }
GETTER(StartLba, start_lba)
GETTER(SectorCount, sector_count)
GETTER(LastReadLba, last_read_lba)
GETTER(LastWrittenLba, last_written_lba)
GETTER(TotalSystemBuffer, total_buffer)
GETTER(UsedSystemBuffer, used_buffer)
GETTER(CurrentTrackNumber, track)
GETTER(ElapsedTime, elapsed_s)
GETTER(RemainingTime, remaining_s)

static HRESULT args_get_FreeSystemBuffer(IDiscFormat2TrackAtOnceEventArgs *This, LONG *value)
{
    const struct event_args *args = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    *value = args->progress.total_buffer - args->progress.used_buffer;
    return S_OK;
}

static HRESULT args_get_CurrentAction(IDiscFormat2TrackAtOnceEventArgs *This,
                                      IMAPI_FORMAT2_TAO_WRITE_ACTION *value)
{
    const struct event_args *args = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    *value = args->progress.action;
    return S_OK;
}

COM_DISPATCH_METHODS(IDiscFormat2TrackAtOnceEventArgs, args,
                     dispatch_IDiscFormat2TrackAtOnceEventArgs)

static const IDiscFormat2TrackAtOnceEventArgsVtbl vtbl = {
    COM_DISPATCH_SLOTS(args),
    .get_StartLba = args_get_StartLba,
    .get_SectorCount = args_get_SectorCount,
    .get_LastReadLba = args_get_LastReadLba,
    .get_LastWrittenLba = args_get_LastWrittenLba,
    .get_TotalSystemBuffer = args_get_TotalSystemBuffer,
    .get_UsedSystemBuffer = args_get_UsedSystemBuffer,
    .get_FreeSystemBuffer = args_get_FreeSystemBuffer,
    .get_CurrentTrackNumber = args_get_CurrentTrackNumber,
    .get_CurrentAction = args_get_CurrentAction,
    .get_ElapsedTime = args_get_ElapsedTime,
    .get_RemainingTime = args_get_RemainingTime,
};

static const struct com_interface interfaces[] = {
    {&IID_IDiscFormat2TrackAtOnceEventArgs, offsetof(struct event_args, face)},
    {&IID_IWriteEngine2EventArgs, offsetof(struct event_args, face)},
    {&IID_IDispatch, offsetof(struct event_args, face)},
};
static const struct com_class class = {interfaces, sizeof(interfaces) / sizeof(interfaces[0]),
                                       com_delete};

static bool has_sinks(struct com_connection_point *point)
{
    bool any;

    pthread_mutex_lock(&point->lock);
    any = point->sinks != NULL;
    pthread_mutex_unlock(&point->lock);
    return any;
}

void tao_fire(struct tao *tao, const struct tao_progress *progress)
{
    struct event_args *args;
    VARIANT values[2] = {0};

    if (!has_sinks(&tao->events)) {
        return;
    }
    args = com_new(sizeof(*args), &class);
    if (args == NULL) {
        return; /* a burn does not fail for want of an event */
    }
    com_face_init(&args->face, &vtbl, &args->com);
    args->progress = *progress;
    values[0].vt = VT_DISPATCH;
    values[0].pdispVal = (IDispatch *)&tao->format;
    values[1].vt = VT_DISPATCH;
    values[1].pdispVal = (IDispatch *)&args->face;
    com_fire(&tao->events, DISPID_UPDATE, values, 2);
    com_release(&args->face);
}

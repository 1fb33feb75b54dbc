/* SPDX-License-Identifier: MIT */
#include "burn_progress.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DISPID_UPDATE 0x200

struct burn_progress {
    DDiscFormat2TrackAtOnceEvents iface;
    atomic_uint refs;
    IConnectionPoint *point;
    DWORD cookie;
    const volatile sig_atomic_t *stop;
    unsigned track;
    const char *path;
    IMAPI_FORMAT2_TAO_WRITE_ACTION last_action;
    bool on_terminal;
    bool in_line; /* the terminal's cursor stands behind what was shown last */
};

static struct burn_progress *self_of(DDiscFormat2TrackAtOnceEvents *iface)
{
    return (struct burn_progress *)iface; /* its first member */
}

static const char *action_text(IMAPI_FORMAT2_TAO_WRITE_ACTION action)
{
    switch (action) {
    case IMAPI_FORMAT2_TAO_WRITE_ACTION_PREPARING:
        return "preparing";
    case IMAPI_FORMAT2_TAO_WRITE_ACTION_WRITING:
        return "writing";
    case IMAPI_FORMAT2_TAO_WRITE_ACTION_FINISHING:
        return "finishing";
    case IMAPI_FORMAT2_TAO_WRITE_ACTION_VERIFYING:
        return "verifying";
    case IMAPI_FORMAT2_TAO_WRITE_ACTION_UNKNOWN:
        break;
    }
    return "busy";
}

/* One line that is written over on a terminal; elsewhere one line for each change of the action. */
static void show(struct burn_progress *self, IDiscFormat2TrackAtOnceEventArgs *args)
{
    IMAPI_FORMAT2_TAO_WRITE_ACTION action = IMAPI_FORMAT2_TAO_WRITE_ACTION_UNKNOWN;
    LONG start = 0, count = 0, last = -1;
    IDiscFormat2TrackAtOnceEventArgs_get_CurrentAction(args, &action);
    IDiscFormat2TrackAtOnceEventArgs_get_StartLba(args, &start);
    IDiscFormat2TrackAtOnceEventArgs_get_SectorCount(args, &count);
    IDiscFormat2TrackAtOnceEventArgs_get_LastWrittenLba(args, &last);
    if (!self->on_terminal && action == self->last_action)
        return;
    self->last_action = action;
    LONG done = last >= start ? last - start + 1 : 0;
    fprintf(stderr, "%strack %2u  %-9s  ", self->on_terminal ? "\r" : "", self->track,
            action_text(action));
    if (self->on_terminal && count > 0)
        fprintf(stderr, "%3d%%  ", (int)((int64_t)done * 100 / count));
    fprintf(stderr, "%s%s", self->path, self->on_terminal ? "\033[K" : "\n");
    self->in_line = self->on_terminal;
}

static HRESULT update(DDiscFormat2TrackAtOnceEvents *iface, IDispatch *object, IDispatch *progress)
{
    struct burn_progress *self = self_of(iface);
    IDiscFormat2TrackAtOnceEventArgs *args;
    IDiscFormat2TrackAtOnce *format;
    if (progress != NULL && SUCCEEDED(IDispatch_QueryInterface(
                                progress, &IID_IDiscFormat2TrackAtOnceEventArgs, (void **)&args))) {
        show(self, args);
        IDiscFormat2TrackAtOnceEventArgs_Release(args);
    }
    if (*self->stop && object != NULL &&
        SUCCEEDED(
            IDispatch_QueryInterface(object, &IID_IDiscFormat2TrackAtOnce, (void **)&format))) {
        IDiscFormat2TrackAtOnce_CancelAddTrack(format);
        IDiscFormat2TrackAtOnce_Release(format);
    }
    return S_OK;
}

static HRESULT query_interface(DDiscFormat2TrackAtOnceEvents *iface, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch) &&
        !IsEqualIID(iid, &IID_DDiscFormat2TrackAtOnceEvents))
        return E_NOINTERFACE;
    atomic_fetch_add(&self_of(iface)->refs, 1);
    *out = iface;
    return S_OK;
}

static ULONG add_ref(DDiscFormat2TrackAtOnceEvents *iface)
{
    return atomic_fetch_add(&self_of(iface)->refs, 1) + 1;
}

static ULONG release(DDiscFormat2TrackAtOnceEvents *iface)
{
    struct burn_progress *self = self_of(iface);
    ULONG left = atomic_fetch_sub(&self->refs, 1) - 1;
    if (left == 0)
        free(self);
    return left;
}

static HRESULT get_type_info_count(DDiscFormat2TrackAtOnceEvents *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT get_type_info(DDiscFormat2TrackAtOnceEvents *iface, UINT index, LCID locale,
                             ITypeInfo **info)
{
    (void)iface, (void)index, (void)locale;
    *info = NULL;
    return E_NOTIMPL;
}

static HRESULT get_ids_of_names(DDiscFormat2TrackAtOnceEvents *iface, REFIID iid, LPOLESTR *names,
                                UINT count, LCID locale, DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)count, (void)locale, (void)ids;
    return E_NOTIMPL;
}

/* How IMAPIv2 calls its sinks; the arguments stand in reverse order. */
static HRESULT invoke(DDiscFormat2TrackAtOnceEvents *iface, DISPID id, REFIID iid, LCID locale,
                      WORD flags, DISPPARAMS *arguments, VARIANT *result, EXCEPINFO *exception,
                      UINT *wrong)
{
    (void)iid, (void)locale, (void)flags, (void)result, (void)exception, (void)wrong;
    if (id != DISPID_UPDATE)
        return DISP_E_MEMBERNOTFOUND;
    if (arguments == NULL || arguments->cArgs != 2)
        return DISP_E_BADPARAMCOUNT;
    if (V_VT(&arguments->rgvarg[0]) != VT_DISPATCH || V_VT(&arguments->rgvarg[1]) != VT_DISPATCH)
        return DISP_E_TYPEMISMATCH;
    return update(iface, V_DISPATCH(&arguments->rgvarg[1]), V_DISPATCH(&arguments->rgvarg[0]));
}

static const DDiscFormat2TrackAtOnceEventsVtbl vtable = {
    .QueryInterface = query_interface,
    .AddRef = add_ref,
    .Release = release,
    .GetTypeInfoCount = get_type_info_count,
    .GetTypeInfo = get_type_info,
    .GetIDsOfNames = get_ids_of_names,
    .Invoke = invoke,
    .Update = update,
};

struct burn_progress *burn_progress_new(IDiscFormat2TrackAtOnce *format,
                                        const volatile sig_atomic_t *stop)
{
    IConnectionPointContainer *container;
    struct burn_progress *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    self->iface.lpVtbl = &vtable;
    atomic_init(&self->refs, 1);
    self->stop = stop;
    self->path = "";
    self->on_terminal = isatty(STDERR_FILENO) == 1;
    HRESULT hr = IDiscFormat2TrackAtOnce_QueryInterface(format, &IID_IConnectionPointContainer,
                                                        (void **)&container);
    if (SUCCEEDED(hr)) {
        hr = IConnectionPointContainer_FindConnectionPoint(
            container, &IID_DDiscFormat2TrackAtOnceEvents, &self->point);
        IConnectionPointContainer_Release(container);
    }
    if (SUCCEEDED(hr))
        hr = IConnectionPoint_Advise(self->point, (IUnknown *)&self->iface, &self->cookie);
    if (SUCCEEDED(hr))
        return self;
    if (self->point != NULL)
        IConnectionPoint_Release(self->point);
    free(self);
    return NULL;
}

void burn_progress_track(struct burn_progress *progress, unsigned track, const char *path)
{
    progress->track = track;
    progress->path = path;
    progress->last_action = IMAPI_FORMAT2_TAO_WRITE_ACTION_UNKNOWN;
}

void burn_progress_end_line(struct burn_progress *progress)
{
    if (progress->in_line)
        fputc('\n', stderr);
    progress->in_line = false;
}

void burn_progress_free(struct burn_progress *progress)
{
    if (progress == NULL)
        return;
    burn_progress_end_line(progress);
    IConnectionPoint_Unadvise(progress->point, progress->cookie);
    IConnectionPoint_Release(progress->point);
    DDiscFormat2TrackAtOnceEvents_Release(&progress->iface);
}

/* SPDX-License-Identifier: MIT */
#include "scenario/events.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/handler.h"
#include "scenario/object.h"
#include "scenario/result.h"
#include "scenario/scenario.h"

enum { MOST_WAITING = 4096 };

struct sink {
    IDispatch iface;
    atomic_uint refs;
    struct sink *next; /* of the world's, in which it stays up to the end of the process */
    struct world *world;
    int handler;
    pthread_mutex_t lock;
    IDispatch *waiting[MOST_WAITING]; /* arguments of events of other threads */
    unsigned count;
};

static struct sink *self_of(IDispatch *iface)
{
    return (struct sink *)(void *)iface;
}

static HRESULT query_interface(IDispatch *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch) &&
        !IsEqualIID(iid, &IID_DDiscFormat2TrackAtOnceEvents))
        return E_NOINTERFACE;
    atomic_fetch_add(&self_of(iface)->refs, 1);
    *out = iface;
    return S_OK;
}

static ULONG add_ref(IDispatch *iface)
{
    return atomic_fetch_add(&self_of(iface)->refs, 1) + 1;
}

static ULONG release(IDispatch *iface)
{
    ULONG left = atomic_fetch_sub(&self_of(iface)->refs, 1) - 1;

    if (left == 0)
        free(iface);
    return left;
}

static HRESULT type_info_count(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT type_info(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **info)
{
    (void)iface, (void)index, (void)lcid;
    *info = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT ids_of_names(IDispatch *iface, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                            DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)lcid;
    for (UINT i = 0; i < count; i++)
        ids[i] = DISPID_UNKNOWN;
    return DISP_E_UNKNOWNNAME;
}

static int push_progress(lua_State *L, void *ctx)
{
    IDispatch *progress = ctx;

    IDispatch_AddRef(progress);
    object_push(L, progress);
    return 1;
}

/* The arguments of an event never change, so they can be looked at later. */
static void keep(struct sink *sink, IDispatch *progress)
{
    pthread_mutex_lock(&sink->lock);
    if (sink->count < MOST_WAITING) {
        IDispatch_AddRef(progress);
        sink->waiting[sink->count++] = progress;
    }
    pthread_mutex_unlock(&sink->lock);
}

static HRESULT invoke(IDispatch *iface, DISPID id, REFIID iid, LCID lcid, WORD flags,
                      DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    struct sink *sink = self_of(iface);
    IDispatch *progress = parameters->cArgs > 0 ? parameters->rgvarg[0].pdispVal : NULL;

    (void)id, (void)iid, (void)lcid, (void)flags, (void)result, (void)exception, (void)bad;
    if (!progress)
        return E_INVALIDARG;
    if (pthread_equal(pthread_self(), sink->world->thread))
        handler_call(sink->world, sink->handler, push_progress, progress);
    else
        keep(sink, progress);
    return S_OK;
}

static const IDispatchVtbl vtable = {
    .QueryInterface = query_interface,
    .AddRef = add_ref,
    .Release = release,
    .GetTypeInfoCount = type_info_count,
    .GetTypeInfo = type_info,
    .GetIDsOfNames = ids_of_names,
    .Invoke = invoke,
};

static struct sink *sink_new(lua_State *L)
{
    struct sink *sink = calloc(1, sizeof(*sink));

    if (!sink) {
        luaL_error(L, "out of memory");
        return NULL;
    }
    sink->iface.lpVtbl = (IDispatchVtbl *)&vtable;
    atomic_init(&sink->refs, 2); /* one is the list's */
    sink->world = world_of(L);
    sink->handler = handler_keep(L);
    pthread_mutex_init(&sink->lock, NULL);
    sink->next = sink->world->sinks;
    sink->world->sinks = sink;
    return sink;
}

/* The point counts on its object, so it is not kept: the last release of a format stays the last.
 */
static IConnectionPoint *point_of(lua_State *L, IDispatch *object)
{
    IConnectionPointContainer *container = NULL;
    IConnectionPoint *point = NULL;
    HRESULT hr =
        IDispatch_QueryInterface(object, &IID_IConnectionPointContainer, (void **)&container);

    if (SUCCEEDED(hr)) {
        hr = IConnectionPointContainer_FindConnectionPoint(
            container, &IID_DDiscFormat2TrackAtOnceEvents, &point);
        IConnectionPointContainer_Release(container);
    }
    if (FAILED(hr))
        luaL_error(L, "the object has no event Update: %s", push_hresult(L, hr));
    return point;
}

int scene_on_update(lua_State *L)
{
    IDispatch *object = object_check(L, 1);
    IConnectionPoint *point;
    struct sink *sink;
    DWORD cookie = 0;
    HRESULT hr;

    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    point = point_of(L, object);
    sink = sink_new(L);
    hr = IConnectionPoint_Advise(point, (IUnknown *)&sink->iface, &cookie);
    IConnectionPoint_Release(point);
    release(&sink->iface);
    if (FAILED(hr))
        return luaL_error(L, "on_update: Advise: %s", push_hresult(L, hr));
    lua_pushinteger(L, cookie);
    return 1;
}

int scene_off_update(lua_State *L)
{
    IConnectionPoint *point = point_of(L, object_check(L, 1));
    HRESULT hr = IConnectionPoint_Unadvise(point, (DWORD)luaL_checkinteger(L, 2));

    IConnectionPoint_Release(point);
    if (FAILED(hr))
        return luaL_error(L, "off_update: Unadvise: %s", push_hresult(L, hr));
    return 0;
}

/* The first one that waits, or NULL. */
static IDispatch *take(struct sink *sink)
{
    IDispatch *progress = NULL;

    pthread_mutex_lock(&sink->lock);
    if (sink->count > 0) {
        progress = sink->waiting[0];
        memmove(sink->waiting, sink->waiting + 1, --sink->count * sizeof(sink->waiting[0]));
    }
    pthread_mutex_unlock(&sink->lock);
    return progress;
}

static void deliver(lua_State *L, struct sink *sink)
{
    IDispatch *progress;

    while ((progress = take(sink)) != NULL) {
        handler_call(sink->world, sink->handler, push_progress, progress);
        IDispatch_Release(progress);
    }
    if (sink->world->event_failed)
        lua_error(L);
}

void events_deliver(lua_State *L)
{
    for (struct sink *sink = world_of(L)->sinks; sink; sink = sink->next)
        deliver(L, sink);
}

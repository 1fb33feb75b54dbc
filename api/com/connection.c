/* SPDX-License-Identifier: MIT */
/*
 * A point's sinks are a list in the order of Advise. com_fire walks it without the lock, holding
 * one node at a time: a node that is unadvised meanwhile is marked and leaves the list with its
 * last holder, so that the way on from it stays good. Nothing has to be allocated for that, so
 * neither Unadvise nor an event can fail for want of memory.
 */
#include "api/com/connection.h"

#include <stdbool.h>
#include "api/com/enumerate.h"

struct com_sink {
    struct com_sink *next;
    IDispatch *sink;
    DWORD cookie; /* grows along the list */
    unsigned holders;
    bool gone; /* unadvised */
};

static struct com_connection_point *point_of(IConnectionPoint *This)
{
    return (struct com_connection_point *)(void *)This; /* its face is its first member */
}

/* With the lock held. Returns the sink to release once the lock is free, or NULL. */
static struct com_sink *unlink_if_free(struct com_connection_point *point, struct com_sink *node)
{
    struct com_sink **at = &point->sinks;

    if (!node->gone || node->holders)
        return NULL;
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    return node;
}

static void free_sink(struct com_sink *node)
{
    if (!node)
        return;
    node->sink->lpVtbl->Release(node->sink);
    CoTaskMemFree(node);
}

/* The next live sink after node (the first one for NULL) up to that cookie, held. Gives up node. */
static struct com_sink *step(struct com_connection_point *point, struct com_sink *node,
                             DWORD last_cookie)
{
    struct com_sink *next, *dead = NULL;

    pthread_mutex_lock(&point->lock);
    next = node ? node->next : point->sinks;
    while (next && next->gone)
        next = next->next;
    if (next && next->cookie > last_cookie)
        next = NULL;
    if (next)
        next->holders++;
    if (node) {
        node->holders--;
        dead = unlink_if_free(point, node);
    }
    pthread_mutex_unlock(&point->lock);
    free_sink(dead);
    return next;
}

void com_fire(struct com_connection_point *point, DISPID id, const VARIANT *args, size_t count)
{
    VARIANT reversed[DISPATCH_MAX_ARGS];
    DWORD last;

    if (count > DISPATCH_MAX_ARGS)
        return;
    pthread_mutex_lock(&point->lock);
    last = point->last_cookie;
    pthread_mutex_unlock(&point->lock);
    for (struct com_sink *at = step(point, NULL, last); at; at = step(point, at, last)) {
        DISPPARAMS params = {reversed, NULL, (UINT)count, 0};

        for (size_t i = 0; i < count; i++)
            reversed[i] = args[count - 1 - i];
        at->sink->lpVtbl->Invoke(at->sink, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD,
                                 &params, NULL, NULL, NULL);
    }
}

/* -- IConnectionPoint */

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *This, REFIID riid,
                                                      void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IConnectionPoint))
        return E_NOINTERFACE;
    com_add_ref(This);
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *This)
{
    return com_add_ref(This);
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *This)
{
    return com_release(This);
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *This, IID *iid)
{
    if (!iid)
        return E_POINTER;
    *iid = *point_of(This)->iid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE
point_GetConnectionPointContainer(IConnectionPoint *This, IConnectionPointContainer **container)
{
    if (!container)
        return E_POINTER;
    *container = (IConnectionPointContainer *)(void *)&point_of(This)->container->face;
    com_add_ref(*container);
    return S_OK;
}

/* Script hosts answer only IDispatch, which is all that an event needs. */
static HRESULT query_sink(const IID *iid, IUnknown *unknown, IDispatch **sink)
{
    void *found = NULL;

    if (FAILED(unknown->lpVtbl->QueryInterface(unknown, iid, &found)) &&
        FAILED(unknown->lpVtbl->QueryInterface(unknown, &IID_IDispatch, &found)))
        return CONNECT_E_CANNOTCONNECT;
    *sink = found;
    return found ? S_OK : CONNECT_E_CANNOTCONNECT;
}

static void append(struct com_connection_point *point, struct com_sink *node)
{
    struct com_sink **at = &point->sinks;

    while (*at)
        at = &(*at)->next;
    *at = node;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *This, IUnknown *unknown,
                                              DWORD *cookie)
{
    struct com_connection_point *point = point_of(This);
    struct com_sink *node;
    HRESULT hr;

    if (!cookie)
        return E_POINTER;
    *cookie = 0;
    if (!unknown)
        return E_POINTER;
    node = com_zalloc(sizeof(*node));
    if (!node)
        return E_OUTOFMEMORY;
    hr = query_sink(point->iid, unknown, &node->sink);
    if (FAILED(hr)) {
        CoTaskMemFree(node);
        return hr;
    }
    pthread_mutex_lock(&point->lock);
    if (point->last_cookie == UINT32_MAX) {
        hr = CONNECT_E_ADVISELIMIT; /* a cookie is never given twice */
    } else {
        node->cookie = *cookie = ++point->last_cookie;
        append(point, node);
    }
    pthread_mutex_unlock(&point->lock);
    if (FAILED(hr))
        free_sink(node);
    return hr;
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *This, DWORD cookie)
{
    struct com_connection_point *point = point_of(This);
    struct com_sink *node, *dead = NULL;
    HRESULT hr = CONNECT_E_NOCONNECTION;

    pthread_mutex_lock(&point->lock);
    for (node = point->sinks; node; node = node->next) {
        if (node->cookie == cookie && !node->gone) {
            node->gone = true;
            dead = unlink_if_free(point, node);
            hr = S_OK;
            break;
        }
    }
    pthread_mutex_unlock(&point->lock);
    free_sink(dead);
    return hr;
}

/* Live sinks, and the newest cookie among all. */
static size_t count_sinks(struct com_connection_point *point, DWORD *last)
{
    size_t count = 0;

    pthread_mutex_lock(&point->lock);
    for (struct com_sink *node = point->sinks; node; node = node->next)
        count += !node->gone;
    *last = point->last_cookie;
    pthread_mutex_unlock(&point->lock);
    return count;
}

/* Up to the newest of those that were counted, so that the room suffices. */
static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *This,
                                                       IEnumConnections **result)
{
    struct com_connection_point *point = point_of(This);
    CONNECTDATA *rows;
    size_t count = 0;
    DWORD last;

    if (!result)
        return E_POINTER;
    *result = NULL;
    rows = com_zalloc(count_sinks(point, &last) * sizeof(*rows));
    if (!rows)
        return E_OUTOFMEMORY;
    for (struct com_sink *at = step(point, NULL, last); at; at = step(point, at, last)) {
        at->sink->lpVtbl->AddRef(at->sink);
        rows[count].pUnk = (IUnknown *)at->sink;
        rows[count].dwCookie = at->cookie;
        count++;
    }
    return com_enum_connections(rows, count, result);
}

static const IConnectionPointVtbl point_vtbl = {
    .QueryInterface = point_QueryInterface,
    .AddRef = point_AddRef,
    .Release = point_Release,
    .GetConnectionInterface = point_GetConnectionInterface,
    .GetConnectionPointContainer = point_GetConnectionPointContainer,
    .Advise = point_Advise,
    .Unadvise = point_Unadvise,
    .EnumConnections = point_EnumConnections,
};

/* -- IConnectionPointContainer */

COM_UNKNOWN_METHODS(IConnectionPointContainer, container)

static struct com_connections *connections_of(IConnectionPointContainer *This)
{
    return (struct com_connections *)(void *)This;
}

static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *This,
                                                                IEnumConnectionPoints **result)
{
    struct com_connections *self = connections_of(This);
    IConnectionPoint **rows;

    if (!result)
        return E_POINTER;
    *result = NULL;
    rows = CoTaskMemAlloc(self->count * sizeof(IConnectionPoint *));
    if (!rows)
        return E_OUTOFMEMORY;
    for (size_t i = 0; i < self->count; i++) {
        rows[i] = (IConnectionPoint *)(void *)&self->points[i].face;
        com_add_ref(rows[i]);
    }
    return com_enum_points(rows, self->count, result);
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *This,
                                                               REFIID riid,
                                                               IConnectionPoint **result)
{
    struct com_connections *self = connections_of(This);

    if (!result)
        return E_POINTER;
    *result = NULL;
    if (!riid)
        return E_INVALIDARG;
    for (size_t i = 0; i < self->count; i++) {
        if (IsEqualIID(riid, self->points[i].iid)) {
            *result = (IConnectionPoint *)(void *)&self->points[i].face;
            com_add_ref(*result);
            return S_OK;
        }
    }
    return CONNECT_E_NOCONNECTION;
}

static const IConnectionPointContainerVtbl container_vtbl = {
    COM_UNKNOWN_SLOTS(container),
    .EnumConnectionPoints = container_EnumConnectionPoints,
    .FindConnectionPoint = container_FindConnectionPoint,
};

void com_connections_init(struct com_connections *connections, struct com_object *object,
                          struct com_connection_point *points, const IID *const *iids, size_t count)
{
    com_face_init(&connections->face, &container_vtbl, object);
    connections->points = points;
    connections->count = count;
    for (size_t i = 0; i < count; i++) {
        com_face_init(&points[i].face, &point_vtbl, object);
        points[i].iid = iids[i];
        points[i].container = connections;
        pthread_mutex_init(&points[i].lock, NULL);
        points[i].sinks = NULL;
        points[i].last_cookie = 0;
    }
}

void com_connections_clear(struct com_connections *connections)
{
    for (size_t i = 0; i < connections->count; i++) {
        struct com_connection_point *point = &connections->points[i];

        while (point->sinks) {
            struct com_sink *node = point->sinks;

            point->sinks = node->next;
            free_sink(node);
        }
        pthread_mutex_destroy(&point->lock);
    }
}

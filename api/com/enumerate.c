/* SPDX-License-Identifier: MIT */
#include "api/com/enumerate.h"

#include <pthread.h>
#include "api/com/object.h"

/* One enumerator of either kind: a row is row_size bytes and begins with its interface pointer. */
struct enumerator {
    struct com_object com;
    struct com_face face;
    pthread_mutex_t lock; /* over next */
    char *rows;
    size_t row_size, count, next;
};

static IUnknown *row_interface(const char *row)
{
    return *(IUnknown *const *)(const void *)row;
}

static void release_rows(char *rows, size_t row_size, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        IUnknown *unknown = row_interface(rows + i * row_size);

        unknown->lpVtbl->Release(unknown);
    }
    CoTaskMemFree(rows);
}

static void enumerator_destroy(void *object)
{
    struct enumerator *self = object;

    release_rows(self->rows, self->row_size, self->count);
    pthread_mutex_destroy(&self->lock);
    com_delete(self);
}

static HRESULT make(const struct com_class *class, const void *vtbl, void *rows, size_t row_size,
                    size_t count, void **result)
{
    struct enumerator *self = com_new(sizeof(*self), class);

    *result = NULL;
    if (!self) {
        release_rows(rows, row_size, count);
        return E_OUTOFMEMORY;
    }
    com_face_init(&self->face, vtbl, &self->com);
    pthread_mutex_init(&self->lock, NULL);
    self->rows = rows;
    self->row_size = row_size;
    self->count = count;
    *result = &self->face;
    return S_OK;
}

static HRESULT next(struct enumerator *self, ULONG wanted, void *out, ULONG *fetched)
{
    size_t from, n;

    if (!out || (!fetched && wanted != 1))
        return E_POINTER;
    pthread_mutex_lock(&self->lock);
    from = self->next;
    n = self->count - from < wanted ? self->count - from : wanted;
    self->next += n;
    pthread_mutex_unlock(&self->lock);
    for (size_t i = 0; i < n; i++) {
        IUnknown *unknown = row_interface(self->rows + (from + i) * self->row_size);

        unknown->lpVtbl->AddRef(unknown);
    }
    if (n)
        memcpy(out, self->rows + from * self->row_size, n * self->row_size);
    if (fetched)
        *fetched = (ULONG)n;
    return n == wanted ? S_OK : S_FALSE;
}

static HRESULT skip(struct enumerator *self, ULONG wanted)
{
    size_t n;

    pthread_mutex_lock(&self->lock);
    n = self->count - self->next < wanted ? self->count - self->next : wanted;
    self->next += n;
    pthread_mutex_unlock(&self->lock);
    return n == wanted ? S_OK : S_FALSE;
}

static HRESULT reset(struct enumerator *self)
{
    pthread_mutex_lock(&self->lock);
    self->next = 0;
    pthread_mutex_unlock(&self->lock);
    return S_OK;
}

static HRESULT copy_of(struct enumerator *self, void **result)
{
    size_t size = self->count * self->row_size, at;
    char *rows;
    HRESULT hr;

    if (!result)
        return E_POINTER;
    *result = NULL;
    rows = CoTaskMemAlloc(size);
    if (!rows)
        return E_OUTOFMEMORY;
    memcpy(rows, self->rows, size);
    for (size_t i = 0; i < self->count; i++) {
        IUnknown *unknown = row_interface(rows + i * self->row_size);

        unknown->lpVtbl->AddRef(unknown);
    }
    pthread_mutex_lock(&self->lock);
    at = self->next;
    pthread_mutex_unlock(&self->lock);
    hr = make(self->com.class, self->face.vtbl, rows, self->row_size, self->count, result);
    if (SUCCEEDED(hr))
        ((struct enumerator *)com_self(*result))->next = at;
    return hr;
}

/* The same five methods under two interfaces that differ in the type of a row. */
#define ENUMERATOR(type, row_type, prefix)                                                         \
    COM_UNKNOWN_METHODS(type, prefix)                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Next(type *This, ULONG count, row_type *rows,        \
                                                   ULONG *fetched)                                 \
    {                                                                                              \
        return next(com_self(This), count, rows, fetched);                                         \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Skip(type *This, ULONG count)                        \
    {                                                                                              \
        return skip(com_self(This), count);                                                        \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Reset(type *This)                                    \
    {                                                                                              \
        return reset(com_self(This));                                                              \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Clone(type *This, type **result)                     \
    {                                                                                              \
        return copy_of(com_self(This), (void **)result);                                           \
    }                                                                                              \
    static const type##Vtbl prefix##_vtbl = {                                                      \
        COM_UNKNOWN_SLOTS(prefix), .Next = prefix##_Next,   .Skip = prefix##_Skip,                 \
        .Reset = prefix##_Reset,   .Clone = prefix##_Clone,                                        \
    };                                                                                             \
    static const struct com_interface prefix##_interfaces[] = {                                    \
        {&IID_##type, offsetof(struct enumerator, face)},                                          \
    };                                                                                             \
    static const struct com_class prefix##_class = {prefix##_interfaces, 1, enumerator_destroy};

ENUMERATOR(IEnumConnectionPoints, IConnectionPoint *, points)
ENUMERATOR(IEnumConnections, CONNECTDATA, sinks)

HRESULT com_enum_points(IConnectionPoint **rows, size_t count, IEnumConnectionPoints **result)
{
    return make(&points_class, &points_vtbl, rows, sizeof(*rows), count, (void **)result);
}

HRESULT com_enum_connections(CONNECTDATA *rows, size_t count, IEnumConnections **result)
{
    return make(&sinks_class, &sinks_vtbl, rows, sizeof(*rows), count, (void **)result);
}

/* SPDX-License-Identifier: MIT */
/*
 * What every COM object of ours is made of: a counter, a table of the interfaces it answers, and
 * one face for each vtable. It knows no interface by name.
 *
 *     struct thing {
 *         struct com_object com;        first
 *         struct com_face face;         an IThing * is &thing->face
 *         ...
 *     };
 *     static void thing_destroy(void *object);          frees what it holds, then
 * com_delete(object) static const struct com_interface thing_interfaces[] = { { &IID_IThing,
 * offsetof(struct thing, face) },      first row: the face of IUnknown { &IID_IDispatch,
 * offsetof(struct thing, face) },
 *     };
 *     static const struct com_class thing_class = { thing_interfaces, 2, thing_destroy };
 *     COM_DISPATCH_METHODS(IThing, thing, dispatch_IThing)
 *     static const IThingVtbl thing_vtbl = { COM_DISPATCH_SLOTS(thing), .Foo = thing_Foo };
 *     ...
 *     struct thing *self = com_new(sizeof(*self), &thing_class);      one reference, zeroed
 *     com_face_init(&self->face, &thing_vtbl, &self->com);
 *
 * In a method, `struct thing *self = com_self(This)`. Threads: the counter is atomic; the rest of
 * an object is its own affair.
 */
#ifndef VCDR_API_COM_OBJECT_H
#define VCDR_API_COM_OBJECT_H

#include <stdatomic.h>
#include "api/com/dispatch.h"

struct com_interface {
    const IID *iid;
    size_t face; /* where in the object its struct com_face lies */
};

struct com_class {
    const struct com_interface *interfaces; /* IUnknown is the first row's face, without a row */
    size_t count;
    void (*destroy)(void *object); /* the last reference is gone; may AddRef and Release again */
};

struct com_object {
    const struct com_class *class;
    _Atomic ULONG refs;
};

/* A vtable's pointer, as a caller sees it, and the way back to the object. */
typedef const void *com_vtbl __attribute__((may_alias));
struct com_face {
    com_vtbl vtbl;
    struct com_object *object;
};

/* An object of size bytes, zeroed, with one reference. NULL without memory. */
void *com_new(size_t size, const struct com_class *class);
/* Frees the memory of com_new; for destroy, and for a creation that failed halfway. */
void com_delete(void *object);
void com_face_init(struct com_face *face, const void *vtbl, struct com_object *object);

/* size bytes of zeros from CoTaskMemAlloc, or NULL. */
void *com_zalloc(size_t size);

/* The three slots of IUnknown for any face; This is the face. */
HRESULT com_query_interface(void *This, REFIID riid, void **ppv);
ULONG com_add_ref(void *This);
ULONG com_release(void *This);

static inline void *com_self(void *This)
{
    return ((struct com_face *)This)->object;
}

/* Typed copies of them for one interface, and their places in its vtable. */
#define COM_UNKNOWN_METHODS(type, prefix)                                                          \
    static HRESULT STDMETHODCALLTYPE prefix##_QueryInterface(type *This, REFIID riid, void **ppv)  \
    {                                                                                              \
        return com_query_interface(This, riid, ppv);                                               \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE prefix##_AddRef(type *This)                                     \
    {                                                                                              \
        return com_add_ref(This);                                                                  \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE prefix##_Release(type *This)                                    \
    {                                                                                              \
        return com_release(This);                                                                  \
    }
#define COM_UNKNOWN_SLOTS(prefix)                                                                  \
    .QueryInterface = prefix##_QueryInterface, .AddRef = prefix##_AddRef,                          \
    .Release = prefix##_Release

/* The same with the four slots of IDispatch over a table of dispatch.h. */
#define COM_DISPATCH_METHODS(type, prefix, table)                                                  \
    COM_UNKNOWN_METHODS(type, prefix)                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_GetTypeInfoCount(type *This, UINT *count)            \
    {                                                                                              \
        (void)This;                                                                                \
        return dispatch_type_info_count(count);                                                    \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_GetTypeInfo(type *This, UINT index, LCID lcid,       \
                                                          ITypeInfo **info)                        \
    {                                                                                              \
        (void)This, (void)lcid;                                                                    \
        return dispatch_type_info(index, info);                                                    \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_GetIDsOfNames(                                       \
        type *This, REFIID riid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids)              \
    {                                                                                              \
        (void)This, (void)lcid;                                                                    \
        return dispatch_ids_of_names(&(table), riid, names, count, ids);                           \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Invoke(                                              \
        type *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *params,             \
        VARIANT *result, EXCEPINFO *exception, UINT *bad_arg)                                      \
    {                                                                                              \
        (void)lcid;                                                                                \
        return dispatch_invoke(&(table), This, id, riid, flags, params, result, exception,         \
                               bad_arg);                                                           \
    }
#define COM_DISPATCH_SLOTS(prefix)                                                                 \
    COM_UNKNOWN_SLOTS(prefix), .GetTypeInfoCount = prefix##_GetTypeInfoCount,                      \
                               .GetTypeInfo = prefix##_GetTypeInfo,                                \
                               .GetIDsOfNames = prefix##_GetIDsOfNames, .Invoke = prefix##_Invoke

#endif

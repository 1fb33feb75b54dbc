/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include "api/com/object.h"

/* While destroy runs: references that it takes and drops must not destroy again. */
#define REFS_DYING 0x40000000u

void *com_zalloc(size_t size)
{
    void *block = CoTaskMemAlloc(size);

    if (block)
        memset(block, 0, size);
    return block;
}

void *com_new(size_t size, const struct com_class *class)
{
    struct com_object *object = com_zalloc(size);

    if (!object)
        return NULL;
    object->class = class;
    atomic_init(&object->refs, 1);
    return object;
}

void com_delete(void *object)
{
    CoTaskMemFree(object);
}

void com_face_init(struct com_face *face, const void *vtbl, struct com_object *object)
{
    face->vtbl = vtbl;
    face->object = object;
}

static bool find_face(const struct com_class *class, REFIID riid, size_t *face)
{
    if (IsEqualIID(riid, &IID_IUnknown)) {
        *face = class->interfaces[0].face;
        return true;
    }
    for (size_t i = 0; i < class->count; i++) {
        if (IsEqualIID(riid, class->interfaces[i].iid)) {
            *face = class->interfaces[i].face;
            return true;
        }
    }
    return false;
}

HRESULT com_query_interface(void *This, REFIID riid, void **ppv)
{
    struct com_object *object = com_self(This);
    size_t face;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (!find_face(object->class, riid, &face))
        return E_NOINTERFACE;
    *ppv = (char *)object + face;
    com_add_ref(*ppv);
    return S_OK;
}

ULONG com_add_ref(void *This)
{
    struct com_object *object = com_self(This);

    return atomic_fetch_add_explicit(&object->refs, 1, memory_order_relaxed) + 1;
}

ULONG com_release(void *This)
{
    struct com_object *object = com_self(This);
    ULONG left = atomic_fetch_sub_explicit(&object->refs, 1, memory_order_acq_rel) - 1;

    if (left == 0) {
        atomic_store_explicit(&object->refs, REFS_DYING, memory_order_relaxed);
        object->class->destroy(object);
    }
    return left;
}

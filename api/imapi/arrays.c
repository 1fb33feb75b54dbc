/* SPDX-License-Identifier: MIT */
#include "api/imapi/arrays.h"

static SAFEARRAY *create(ULONG count, VARIANT **elements)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, 0, count);

    if (array != NULL) {
        *elements = array->pvData; /* new: nobody else can lock or resize it yet */
    }
    return array;
}

HRESULT array_of_longs(const LONG *values, ULONG count, VARTYPE vt, SAFEARRAY **out)
{
    VARIANT *elements;
    SAFEARRAY *array = create(count, &elements);

    if (array == NULL) {
        return E_OUTOFMEMORY;
    }
    for (ULONG i = 0; i < count; i++) {
        elements[i].vt = vt;
        elements[i].lVal = values[i];
    }
    *out = array;
    return S_OK;
}

HRESULT array_of_objects(IDispatch **objects, ULONG count, SAFEARRAY **out)
{
    VARIANT *elements;
    SAFEARRAY *array = create(count, &elements);

    for (ULONG i = 0; i < count; i++) {
        if (array == NULL) {
            objects[i]->lpVtbl->Release(objects[i]);
            continue;
        }
        elements[i].vt = VT_DISPATCH;
        elements[i].pdispVal = objects[i];
    }
    if (array == NULL) {
        return E_OUTOFMEMORY;
    }
    *out = array;
    return S_OK;
}

HRESULT array_of_bytes_by_ref(BYTE *bytes, SAFEARRAY **out)
{
    VARIANT *element;
    SAFEARRAY *array = create(1, &element);

    if (array == NULL) {
        return E_OUTOFMEMORY;
    }
    element->vt = VT_BYREF | VT_UI1;
    element->pbVal = bytes;
    *out = array;
    return S_OK;
}

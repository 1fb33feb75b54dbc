/* SPDX-License-Identifier: MIT */
/*
 * SAFEARRAY. In front of the descriptor, in the 16 bytes that COM keeps there, is the element type
 * (FADF_HAVEVARTYPE).
 */
#include "api/com/variant.h"

#define HIDDEN 16u
#define MAX_DIMS 65535u

static VARTYPE element_type(const SAFEARRAY *array)
{
    DWORD vt;

    memcpy(&vt, (const char *)array - sizeof(vt), sizeof(vt));
    return (VARTYPE)vt;
}

static USHORT type_features(VARTYPE vt)
{
    switch (vt) {
    case VT_BSTR:
        return FADF_HAVEVARTYPE | FADF_BSTR;
    case VT_UNKNOWN:
        return FADF_HAVEVARTYPE | FADF_UNKNOWN;
    case VT_DISPATCH:
        return FADF_HAVEVARTYPE | FADF_DISPATCH;
    case VT_VARIANT:
        return FADF_HAVEVARTYPE | FADF_VARIANT;
    default:
        return FADF_HAVEVARTYPE;
    }
}

/* Elements of all dimensions together; FALSE if their bytes do not fit 31 bits. */
static bool count_elements(const SAFEARRAYBOUND *bounds, UINT dims, size_t size, size_t *count)
{
    size_t n = 1;

    for (UINT i = 0; i < dims; i++) {
        if (bounds[i].cElements && n > INT32_MAX / size / bounds[i].cElements)
            return false;
        n *= bounds[i].cElements;
    }
    *count = n;
    return true;
}

static void *zeroed(size_t bytes)
{
    void *block = CoTaskMemAlloc(bytes);

    if (block)
        memset(block, 0, bytes);
    return block;
}

static SAFEARRAY *make_descriptor(VARTYPE vt, UINT dims)
{
    char *block = zeroed(HIDDEN + sizeof(SAFEARRAY) + (dims - 1) * sizeof(SAFEARRAYBOUND));
    DWORD hidden = vt;
    SAFEARRAY *array;

    if (!block)
        return NULL;
    memcpy(block + HIDDEN - sizeof(hidden), &hidden, sizeof(hidden));
    array = (SAFEARRAY *)(void *)(block + HIDDEN);
    array->cDims = (USHORT)dims;
    array->fFeatures = type_features(vt);
    array->cbElements = (ULONG)com_type_size(vt);
    return array;
}

static void free_descriptor(SAFEARRAY *array)
{
    CoTaskMemFree((char *)array - HIDDEN);
}

SAFEARRAY *SafeArrayCreate(VARTYPE vt, UINT dims, SAFEARRAYBOUND *bounds)
{
    SAFEARRAY *array;
    size_t count;

    if (!com_type_size(vt) || !dims || dims > MAX_DIMS || !bounds)
        return NULL;
    if (!count_elements(bounds, dims, com_type_size(vt), &count))
        return NULL;
    array = make_descriptor(vt, dims);
    if (!array)
        return NULL;
    for (UINT i = 0; i < dims; i++)
        array->rgsabound[i] = bounds[dims - 1 - i];
    array->pvData = zeroed(count * array->cbElements);
    if (!array->pvData) {
        free_descriptor(array);
        return NULL;
    }
    return array;
}

SAFEARRAY *SafeArrayCreateVector(VARTYPE vt, LONG lower, ULONG elements)
{
    SAFEARRAYBOUND bound = {elements, lower};

    return SafeArrayCreate(vt, 1, &bound);
}

static size_t element_count(const SAFEARRAY *array)
{
    size_t count = 0;

    count_elements(array->rgsabound, array->cDims, array->cbElements, &count);
    return count;
}

HRESULT SafeArrayDestroy(SAFEARRAY *array)
{
    size_t count;

    if (!array)
        return S_OK;
    if (array->cLocks)
        return DISP_E_ARRAYISLOCKED;
    count = array->pvData ? element_count(array) : 0;
    for (size_t i = 0; i < count; i++)
        com_value_clear(element_type(array), (char *)array->pvData + i * array->cbElements);
    CoTaskMemFree(array->pvData);
    free_descriptor(array);
    return S_OK;
}

HRESULT SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **copy)
{
    SAFEARRAY *fresh;
    size_t count;
    HRESULT hr = S_OK;

    if (!copy)
        return E_INVALIDARG;
    *copy = NULL;
    if (!array)
        return S_OK;
    count = element_count(array);
    fresh = make_descriptor(element_type(array), array->cDims);
    if (!fresh)
        return E_OUTOFMEMORY;
    memcpy(fresh->rgsabound, array->rgsabound, array->cDims * sizeof(SAFEARRAYBOUND));
    fresh->pvData = zeroed(count * array->cbElements);
    if (!fresh->pvData)
        hr = E_OUTOFMEMORY;
    for (size_t i = 0; SUCCEEDED(hr) && i < count; i++)
        hr = com_value_copy(element_type(array), (char *)fresh->pvData + i * array->cbElements,
                            (const char *)array->pvData + i * array->cbElements);
    if (SUCCEEDED(hr))
        *copy = fresh;
    else
        SafeArrayDestroy(fresh);
    return hr;
}

HRESULT SafeArrayLock(SAFEARRAY *array)
{
    if (!array)
        return E_INVALIDARG;
    if (array->cLocks == UINT16_MAX)
        return E_UNEXPECTED;
    array->cLocks++;
    return S_OK;
}

HRESULT SafeArrayUnlock(SAFEARRAY *array)
{
    if (!array)
        return E_INVALIDARG;
    if (!array->cLocks)
        return E_UNEXPECTED;
    array->cLocks--;
    return S_OK;
}

HRESULT SafeArrayAccessData(SAFEARRAY *array, void **data)
{
    HRESULT hr;

    if (!array || !data)
        return E_INVALIDARG;
    hr = SafeArrayLock(array);
    *data = SUCCEEDED(hr) ? array->pvData : NULL;
    return hr;
}

HRESULT SafeArrayUnaccessData(SAFEARRAY *array)
{
    return SafeArrayUnlock(array);
}

HRESULT SafeArrayPtrOfIndex(SAFEARRAY *array, LONG *indices, void **data)
{
    size_t at = 0;

    if (!array || !indices || !data)
        return E_INVALIDARG;
    /* rgsabound[0] is the rightmost dimension; the leftmost varies fastest in memory */
    for (UINT i = 0; i < array->cDims; i++) {
        const SAFEARRAYBOUND *bound = &array->rgsabound[i];
        LONGLONG offset = (LONGLONG)indices[array->cDims - 1 - i] - bound->lLbound;

        if (offset < 0 || offset >= bound->cElements)
            return DISP_E_BADINDEX;
        at = at * bound->cElements + (size_t)offset;
    }
    *data = (char *)array->pvData + at * array->cbElements;
    return S_OK;
}

HRESULT SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *value)
{
    void *element;
    HRESULT hr;

    if (!array || !indices || !value)
        return E_INVALIDARG;
    hr = SafeArrayPtrOfIndex(array, indices, &element);
    return FAILED(hr) ? hr : com_value_copy(element_type(array), value, element);
}

/* Copies first: a value that cannot be copied leaves the element as it was. */
HRESULT SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value)
{
    VARTYPE vt;
    void *element;
    VARIANT copy; /* room for any type */
    HRESULT hr;

    if (!array || !indices)
        return E_INVALIDARG;
    hr = SafeArrayPtrOfIndex(array, indices, &element);
    if (FAILED(hr))
        return hr;
    vt = element_type(array);
    if (vt == VT_BSTR || vt == VT_UNKNOWN || vt == VT_DISPATCH)
        hr = com_value_copy(vt, &copy, &value);
    else
        hr = value ? com_value_copy(vt, &copy, value) : E_INVALIDARG;
    if (FAILED(hr))
        return hr;
    hr = com_value_clear(vt, element);
    if (FAILED(hr))
        com_value_clear(vt, &copy);
    else
        memcpy(element, &copy, array->cbElements);
    return hr;
}

HRESULT SafeArrayGetLBound(SAFEARRAY *array, UINT dim, LONG *lower)
{
    if (!array || !lower)
        return E_INVALIDARG;
    if (!dim || dim > array->cDims)
        return DISP_E_BADINDEX;
    *lower = array->rgsabound[array->cDims - dim].lLbound;
    return S_OK;
}

HRESULT SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *upper)
{
    const SAFEARRAYBOUND *bound;

    if (!array || !upper)
        return E_INVALIDARG;
    if (!dim || dim > array->cDims)
        return DISP_E_BADINDEX;
    bound = &array->rgsabound[array->cDims - dim];
    *upper = (LONG)((LONGLONG)bound->lLbound + bound->cElements - 1);
    return S_OK;
}

HRESULT SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *vt)
{
    if (!array || !vt)
        return E_INVALIDARG;
    *vt = element_type(array);
    return S_OK;
}

UINT SafeArrayGetDim(SAFEARRAY *array)
{
    return array ? array->cDims : 0;
}

UINT SafeArrayGetElemsize(SAFEARRAY *array)
{
    return array ? array->cbElements : 0;
}

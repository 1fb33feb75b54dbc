/* SPDX-License-Identifier: MIT */
#include "api/com/variant.h"

static const unsigned char type_sizes[] = {
    [VT_I1] = 1,
    [VT_UI1] = 1,
    [VT_I2] = 2,
    [VT_UI2] = 2,
    [VT_BOOL] = 2,
    [VT_I4] = 4,
    [VT_UI4] = 4,
    [VT_INT] = 4,
    [VT_UINT] = 4,
    [VT_R4] = 4,
    [VT_ERROR] = 4,
    [VT_I8] = 8,
    [VT_UI8] = 8,
    [VT_R8] = 8,
    [VT_CY] = 8,
    [VT_DATE] = 8,
    [VT_DECIMAL] = sizeof(DECIMAL),
    [VT_BSTR] = sizeof(BSTR),
    [VT_DISPATCH] = sizeof(IDispatch *),
    [VT_UNKNOWN] = sizeof(IUnknown *),
    [VT_VARIANT] = sizeof(VARIANT),
};

size_t com_type_size(VARTYPE vt)
{
    return vt < sizeof(type_sizes) ? type_sizes[vt] : 0;
}

HRESULT com_value_clear(VARTYPE vt, void *value)
{
    IUnknown *unknown;

    switch (vt) {
    case VT_BSTR:
        SysFreeString(*(BSTR *)value);
        return S_OK;
    case VT_DISPATCH: /* an IDispatch * is an IUnknown * as well */
    case VT_UNKNOWN:
        unknown = *(IUnknown **)value;
        if (unknown)
            unknown->lpVtbl->Release(unknown);
        return S_OK;
    case VT_VARIANT:
        return VariantClear(value);
    default: /* numbers own nothing */
        return S_OK;
    }
}

HRESULT com_value_copy(VARTYPE vt, void *dst, const void *src)
{
    BSTR from, copy;
    IUnknown *unknown;

    switch (vt) {
    case VT_BSTR:
        from = *(const BSTR *)src;
        copy = SysAllocStringByteLen((const char *)from, SysStringByteLen(from));
        if (from && !copy)
            return E_OUTOFMEMORY;
        if (!from) {
            SysFreeString(copy);
            copy = NULL;
        }
        *(BSTR *)dst = copy;
        return S_OK;
    case VT_DISPATCH:
    case VT_UNKNOWN:
        unknown = *(IUnknown *const *)src;
        if (unknown)
            unknown->lpVtbl->AddRef(unknown);
        *(IUnknown **)dst = unknown;
        return S_OK;
    case VT_VARIANT:
        VariantInit(dst);
        return VariantCopy(dst, src);
    default:
        memcpy(dst, src, com_type_size(vt));
        return S_OK;
    }
}

void VariantInit(VARIANTARG *var)
{
    if (var)
        memset(var, 0, sizeof(*var));
}

/* Types that a VARIANT may hold by value, with VT_ARRAY and VT_BYREF taken away. */
static bool known_type(VARTYPE vt)
{
    VARTYPE plain = vt & VT_TYPEMASK;

    if (vt & ~(VT_TYPEMASK | VT_ARRAY | VT_BYREF))
        return false;
    if (vt == VT_EMPTY || vt == VT_NULL)
        return true;
    if (plain == VT_VARIANT)
        return vt != VT_VARIANT;
    return com_type_size(plain) != 0;
}

HRESULT VariantClear(VARIANTARG *var)
{
    HRESULT hr = S_OK;

    if (!var)
        return E_INVALIDARG;
    if (!known_type(var->vt))
        return DISP_E_BADVARTYPE;
    if (!(var->vt & VT_BYREF)) {
        if (var->vt & VT_ARRAY)
            hr = SafeArrayDestroy(var->parray);
        else
            hr = com_value_clear(var->vt, &var->bstrVal);
    }
    if (SUCCEEDED(hr))
        VariantInit(var);
    return hr;
}

/* A copy of src in *copy, which owns nothing before. */
static HRESULT duplicate(VARIANT *copy, const VARIANT *src)
{
    VARIANT fresh = *src;
    HRESULT hr = S_OK;

    if (!known_type(src->vt))
        return DISP_E_BADVARTYPE;
    if (src->vt & VT_BYREF)
        hr = S_OK; /* the copy refers to the same value */
    else if (src->vt & VT_ARRAY)
        hr = src->parray ? SafeArrayCopy(src->parray, &fresh.parray) : S_OK;
    else if (src->vt == VT_BSTR || src->vt == VT_DISPATCH || src->vt == VT_UNKNOWN)
        hr = com_value_copy(src->vt, &fresh.bstrVal, &src->bstrVal);
    if (SUCCEEDED(hr))
        *copy = fresh;
    return hr;
}

/* Puts what fresh holds into dst; fresh is cleared if dst cannot be. */
static HRESULT replace(VARIANT *dst, VARIANT *fresh)
{
    HRESULT hr = VariantClear(dst);

    if (FAILED(hr))
        VariantClear(fresh);
    else
        *dst = *fresh;
    return hr;
}

HRESULT VariantCopy(VARIANTARG *dst, const VARIANTARG *src)
{
    VARIANT fresh;
    HRESULT hr;

    if (!dst || !src)
        return E_INVALIDARG;
    if (dst == src)
        return known_type(src->vt) ? S_OK : DISP_E_BADVARTYPE;
    hr = duplicate(&fresh, src);
    return FAILED(hr) ? hr : replace(dst, &fresh);
}

HRESULT VariantCopyInd(VARIANT *dst, const VARIANTARG *src)
{
    VARIANT value, fresh;
    VARTYPE plain;
    HRESULT hr;

    if (!dst || !src)
        return E_INVALIDARG;
    if (!(src->vt & VT_BYREF))
        return VariantCopy(dst, src);
    if (!known_type(src->vt) || !src->byref)
        return E_INVALIDARG;
    plain = src->vt & (VARTYPE)~VT_BYREF;
    if (plain == VT_VARIANT) {
        if (src->pvarVal->vt == (VT_BYREF | VT_VARIANT))
            return E_INVALIDARG; /* one step, as on Windows */
        return VariantCopyInd(dst, src->pvarVal);
    }
    VariantInit(&value);
    if (plain == VT_DECIMAL)
        value.decVal = *src->pdecVal;
    else if (plain & VT_ARRAY)
        value.parray = *src->pparray;
    else
        memcpy(&value.bstrVal, src->byref, com_type_size(plain));
    value.vt = plain;
    hr = duplicate(&fresh, &value);
    return FAILED(hr) ? hr : replace(dst, &fresh);
}

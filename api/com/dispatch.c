/* SPDX-License-Identifier: MIT */
#include "api/com/dispatch.h"

#include <ffi.h>
#include "api/com/text.h"
#include "api/com/variant.h"

HRESULT dispatch_type_info_count(UINT *count)
{
    if (!count)
        return E_POINTER;
    *count = 0;
    return S_OK;
}

HRESULT dispatch_type_info(UINT index, ITypeInfo **info)
{
    (void)index;
    if (!info)
        return E_POINTER;
    *info = NULL;
    return DISP_E_BADINDEX;
}

/* -- Names and ids */

static const struct dispatch_method *method_by_name(const struct dispatch_table *table,
                                                    const OLECHAR *name)
{
    for (; table; table = table->base) {
        for (size_t i = 0; i < table->count; i++) {
            if (com_names_equal(name, table->methods[i].name))
                return &table->methods[i];
        }
    }
    return NULL;
}

static DISPID parameter_by_name(const struct dispatch_method *method, const OLECHAR *name)
{
    for (BYTE i = 0; method && i < method->in_count; i++) {
        if (com_names_equal(name, method->in[i].name))
            return i;
    }
    return DISPID_UNKNOWN;
}

HRESULT dispatch_ids_of_names(const struct dispatch_table *table, REFIID riid, LPOLESTR *names,
                              UINT count, DISPID *ids)
{
    const struct dispatch_method *method;
    HRESULT hr = S_OK;

    if (!riid || !IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (!names || !ids || !count)
        return E_INVALIDARG;
    method = names[0] ? method_by_name(table, names[0]) : NULL;
    ids[0] = method ? method->id : DISPID_UNKNOWN;
    for (UINT i = 1; i < count; i++)
        ids[i] = names[i] ? parameter_by_name(method, names[i]) : DISPID_UNKNOWN;
    for (UINT i = 0; i < count; i++) {
        if (ids[i] == DISPID_UNKNOWN)
            hr = DISP_E_UNKNOWNNAME;
    }
    return hr;
}

/* A property put by reference is a put to us, if what is put is an interface. */
static bool kind_matches(const struct dispatch_method *method, WORD flags)
{
    if (method->kind & flags)
        return true;
    return (flags & DISPATCH_PROPERTYPUTREF) && method->kind == DISPATCH_PROPERTYPUT &&
           method->in_count && method->in[method->in_count - 1].iid;
}

static const struct dispatch_method *method_by_id(const struct dispatch_table *table, DISPID id,
                                                  WORD flags)
{
    for (; table; table = table->base) {
        for (size_t i = 0; i < table->count; i++) {
            if (table->methods[i].id == id && kind_matches(&table->methods[i], flags))
                return &table->methods[i];
        }
    }
    return NULL;
}

/* -- Arguments */

/*
 * Which of rgvarg belongs to each parameter. The named arguments come first in rgvarg, each with
 * its parameter's number (or DISPID_PROPERTYPUT, the last parameter); the others follow, last one
 * first.
 */
static HRESULT assign(const struct dispatch_method *method, const DISPPARAMS *params,
                      UINT index[DISPATCH_MAX_ARGS], UINT *bad_arg)
{
    bool given[DISPATCH_MAX_ARGS] = {false};
    UINT positional = params->cArgs - params->cNamedArgs;

    for (UINT i = 0; i < positional; i++) {
        index[i] = params->cArgs - 1 - i;
        given[i] = true;
    }
    for (UINT i = 0; i < params->cNamedArgs; i++) {
        DISPID at = params->rgdispidNamedArgs[i];

        if (at == DISPID_PROPERTYPUT && method->kind == DISPATCH_PROPERTYPUT)
            at = method->in_count - 1;
        *bad_arg = i;
        if (at < 0 || at >= method->in_count || given[at])
            return DISP_E_PARAMNOTFOUND;
        index[at] = i;
        given[at] = true;
    }
    for (BYTE i = 0; i < method->in_count; i++) {
        if (!given[i])
            return DISP_E_PARAMNOTOPTIONAL;
    }
    return S_OK;
}

/* An interface argument: nothing at all is NULL, everything else is asked for the interface. */
static HRESULT coerce_interface(const struct dispatch_arg *arg, const VARIANT *value, VARIANT *out)
{
    IUnknown *unknown;

    out->vt = VT_UNKNOWN;
    out->punkVal = NULL;
    if (value->vt == VT_EMPTY || value->vt == VT_NULL)
        return S_OK;
    if (value->vt != VT_DISPATCH && value->vt != VT_UNKNOWN)
        return DISP_E_TYPEMISMATCH;
    unknown = value->punkVal;
    if (unknown && FAILED(unknown->lpVtbl->QueryInterface(unknown, arg->iid, &out->byref)))
        return DISP_E_TYPEMISMATCH;
    return S_OK;
}

/* One argument as the method takes it; *out owns it. */
static HRESULT coerce(const struct dispatch_arg *arg, const VARIANT *given, VARIANT *out)
{
    VARIANT value;
    HRESULT hr;

    VariantInit(&value);
    VariantInit(out);
    hr = VariantCopyInd(&value, given);
    if (FAILED(hr))
        return hr == E_OUTOFMEMORY ? hr : DISP_E_TYPEMISMATCH;
    if (arg->iid)
        hr = coerce_interface(arg, &value, out);
    else if (arg->vt == value.vt)
        hr = VariantCopy(out, &value);
    else if (arg->vt & VT_ARRAY)
        hr = DISP_E_TYPEMISMATCH;
    else
        hr = VariantChangeType(out, &value, 0, arg->vt);
    VariantClear(&value);
    return hr;
}

static HRESULT coerce_all(const struct dispatch_method *method, const DISPPARAMS *params,
                          VARIANT values[DISPATCH_MAX_ARGS], UINT *bad_arg)
{
    UINT index[DISPATCH_MAX_ARGS];
    HRESULT hr = S_OK;

    for (BYTE i = 0; i < DISPATCH_MAX_ARGS; i++)
        VariantInit(&values[i]);
    if (params->cArgs != method->in_count) /* a missing one may be known by name */
        hr = params->cArgs > method->in_count || !params->cNamedArgs ? DISP_E_BADPARAMCOUNT : S_OK;
    if (SUCCEEDED(hr))
        hr = assign(method, params, index, bad_arg);
    for (BYTE i = 0; SUCCEEDED(hr) && i < method->in_count; i++) {
        *bad_arg = index[i];
        hr = coerce(&method->in[i], &params->rgvarg[index[i]], &values[i]);
    }
    return hr;
}

/* -- The call */

/* Room for any [out, retval]. */
union slot {
    LONGLONG bits;
    void *pointer;
};

static ffi_type *ffi_type_of(VARTYPE vt)
{
    if (vt & VT_ARRAY)
        return &ffi_type_pointer;
    switch (vt) {
    case VT_BOOL:
    case VT_I2:
        return &ffi_type_sint16;
    case VT_UI4:
        return &ffi_type_uint32;
    case VT_I4:
        return &ffi_type_sint32;
    default:
        return &ffi_type_pointer;
    }
}

/* This, the arguments, where the result goes: what libffi wants of each. */
struct call {
    ffi_type *types[DISPATCH_MAX_ARGS + 2];
    void *values[DISPATCH_MAX_ARGS + 2];
    unsigned count;
};

static void add(struct call *call, ffi_type *type, void *value)
{
    call->types[call->count] = type;
    call->values[call->count] = value;
    call->count++;
}

static HRESULT call_method(const struct dispatch_method *method, void *This,
                           VARIANT values[DISPATCH_MAX_ARGS], union slot *result)
{
    struct call call = {.count = 0};
    void (*const *vtbl)(void);
    void *where = result;
    ffi_arg returned = 0;
    ffi_cif cif;

    memcpy(&vtbl, This, sizeof(vtbl)); /* an interface begins with its vtable's pointer */
    add(&call, &ffi_type_pointer, &This);
    for (BYTE i = 0; i < method->in_count; i++)
        add(&call, ffi_type_of(method->in[i].vt), &values[i].bstrVal);
    if (method->result != VT_EMPTY)
        add(&call, &ffi_type_pointer, &where);
    if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, call.count, &ffi_type_sint32, call.types) != FFI_OK)
        return E_UNEXPECTED;
    ffi_call(&cif, vtbl[method->slot], &returned, call.values);
    return (HRESULT)returned;
}

static void take_result(VARTYPE vt, union slot *slot, VARIANT *result)
{
    VARIANT value;

    VariantInit(&value);
    if (vt != VT_EMPTY) {
        value.vt = vt;
        memcpy(&value.bstrVal, slot, vt & VT_ARRAY ? sizeof(void *) : com_type_size(vt));
    }
    if (result)
        *result = value;
    else
        VariantClear(&value);
}

static HRESULT report_failure(HRESULT hr, EXCEPINFO *exception)
{
    if (!exception)
        return hr;
    exception->scode = hr;
    return DISP_E_EXCEPTION;
}

HRESULT dispatch_invoke(const struct dispatch_table *table, void *This, DISPID id, REFIID riid,
                        WORD flags, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                        UINT *bad_arg)
{
    static const DISPPARAMS none = {NULL, NULL, 0, 0};
    const DISPPARAMS *given = params ? params : &none;
    const struct dispatch_method *method;
    VARIANT values[DISPATCH_MAX_ARGS];
    union slot slot;
    UINT bad = 0;
    HRESULT hr;

    if (result)
        VariantInit(result);
    if (exception)
        memset(exception, 0, sizeof(*exception));
    if (!riid || !IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if ((given->cArgs && !given->rgvarg) || given->cNamedArgs > given->cArgs ||
        (given->cNamedArgs && !given->rgdispidNamedArgs))
        return E_INVALIDARG;
    method = method_by_id(table, id, flags);
    if (!method)
        return DISP_E_MEMBERNOTFOUND;
    hr = coerce_all(method, given, values, &bad);
    if (FAILED(hr)) {
        if (bad_arg)
            *bad_arg = bad;
    } else {
        memset(&slot, 0, sizeof(slot));
        hr = call_method(method, This, values, &slot);
        if (SUCCEEDED(hr))
            take_result(method->result, &slot, result);
        else
            hr = report_failure(hr, exception);
    }
    for (BYTE i = 0; i < DISPATCH_MAX_ARGS; i++)
        VariantClear(&values[i]);
    return hr;
}

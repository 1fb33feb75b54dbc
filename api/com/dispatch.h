/* SPDX-License-Identifier: MIT */
/*
 * Late binding: IDispatch over a table of methods that idl/dispatch.awk made from the IDL. It knows
 * slots and types, and no interface by name.
 *
 * How an HRESULT and a value come back together. A method that succeeds: Invoke returns its own
 * success code, S_FALSE and S_IMAPI_SPEEDADJUSTED included, and *result is the [out, retval]. One
 * that fails: *result is VT_EMPTY; with an EXCEPINFO, Invoke returns DISP_E_EXCEPTION and
 * exception->scode is the method's HRESULT, as IDispatch's documentation wants it; a caller that
 * gives no EXCEPINFO, and so could not learn the code, is returned the code itself. (Type-library
 * Invokes elsewhere return DISP_E_EXCEPTION also then, and may flatten success codes to S_OK; both
 * would hide what IMAPI's methods say.) imapi2_runtime.h tells programs so.
 */
#ifndef VCDR_API_COM_DISPATCH_H
#define VCDR_API_COM_DISPATCH_H

#include "imapi2.h"

/* One parameter, or the [out, retval]. */
struct dispatch_arg {
    const char *name;
    VARTYPE vt;     /* what crosses the vtable: VT_I4 for enums, VT_ARRAY | VT_VARIANT... */
    const IID *iid; /* of VT_DISPATCH and VT_UNKNOWN: what the method takes; otherwise NULL */
};

struct dispatch_method {
    const char *name; /* without get_ and put_ */
    DISPID id;
    WORD kind;     /* one DISPATCH_ flag */
    BYTE slot;     /* in the vtable, from 0 */
    BYTE in_count; /* parameters before the [out, retval] */
    const struct dispatch_arg *in;
    VARTYPE result; /* of the [out, retval]; VT_EMPTY: none */
};

/* The methods that an interface adds to its base; base is NULL right under IDispatch. */
struct dispatch_table {
    const char *name;
    const IID *iid;
    const struct dispatch_table *base;
    const struct dispatch_method *methods;
    size_t count;
};

#define DISPATCH_MAX_ARGS 8

/* Always 0: there is no type library. E_POINTER. */
HRESULT dispatch_type_info_count(UINT *count);
/* DISP_E_BADINDEX, with *info NULL. */
HRESULT dispatch_type_info(UINT index, ITypeInfo **info);

/*
 * names[0] is the member, the others its parameters, in any case. DISP_E_UNKNOWNNAME: one is not
 * known, and its id is DISPID_UNKNOWN. DISP_E_UNKNOWNINTERFACE: riid is not IID_NULL.
 */
HRESULT dispatch_ids_of_names(const struct dispatch_table *table, REFIID riid, LPOLESTR *names,
                              UINT count, DISPID *ids);

/*
 * Calls the method with that id whose kind is among flags; a DISPATCH_PROPERTYPUTREF finds a
 * PROPERTYPUT that takes an interface. Arguments, named ones too, are brought to the parameters'
 * types as VariantChangeType does, behind VT_BYREF as well; interfaces by QueryInterface, with
 * VT_EMPTY, VT_NULL and a NULL pointer all meaning NULL. DISP_E_MEMBERNOTFOUND, _BADPARAMCOUNT,
 * _PARAMNOTOPTIONAL, _PARAMNOTFOUND, _TYPEMISMATCH and _OVERFLOW (the last three with *bad_arg, an
 * index in rgvarg), E_OUTOFMEMORY. result, exception and bad_arg may be NULL.
 */
HRESULT dispatch_invoke(const struct dispatch_table *table, void *This, DISPID id, REFIID riid,
                        WORD flags, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                        UINT *bad_arg);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * SAFEARRAYs of VARIANT, as IMAPI hands out lists: one dimension from 0, the caller's afterwards.
 * *out is written on success only. E_OUTOFMEMORY is the one failure. Any thread.
 */
#ifndef VCDR_API_IMAPI_ARRAYS_H
#define VCDR_API_IMAPI_ARRAYS_H

#include <imapi2.h>

/* vt is VT_I4 or VT_UI4 */
HRESULT array_of_longs(const LONG *values, ULONG count, VARTYPE vt, SAFEARRAY **out);
/* Takes over one reference of each object, on failure as well. */
HRESULT array_of_objects(IDispatch **objects, ULONG count, SAFEARRAY **out);
/* One element, VT_BYREF | VT_UI1: the bytes stay the callee's. */
HRESULT array_of_bytes_by_ref(BYTE *bytes, SAFEARRAY **out);

#endif

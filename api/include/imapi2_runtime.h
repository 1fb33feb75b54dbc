/* SPDX-License-Identifier: MIT */
/*
 * The functions of COM that come with IMAPIv2. <imapi2.h> includes this header. Unless a line says
 * otherwise the functions do what their namesakes on Windows do, any thread may call them at any
 * time, and an out-parameter must not be NULL (E_POINTER or E_INVALIDARG, as there).
 */
#ifndef IMAPI2_RUNTIME_H
#define IMAPI2_RUNTIME_H

#include "imapi2_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef interface IMalloc IMalloc;
typedef interface IMallocSpy IMallocSpy;
typedef interface IStream IStream;

/* -- Apartments. Objects of this library are free-threaded; the model asked for is remembered, so
 * that a second, other one gives RPC_E_CHANGED_MODE, and has no other effect. */

/* S_OK the first time on this thread, S_FALSE again; each success needs a CoUninitialize. */
IMAPI2_API HRESULT CoInitialize(LPVOID reserved);
IMAPI2_API HRESULT CoInitializeEx(LPVOID reserved, DWORD model);
IMAPI2_API void CoUninitialize(void);

/* -- Objects. CO_E_NOTINITIALIZED unless this thread has called CoInitialize(Ex), or another thread
 * has called CoInitializeEx(COINIT_MULTITHREADED); REGDB_E_CLASSNOTREG for a class that is not here
 * or a context without CLSCTX_INPROC_SERVER; CLASS_E_NOAGGREGATION with an outer object. */

IMAPI2_API HRESULT CoCreateInstance(REFCLSID rclsid, IUnknown *outer, DWORD context, REFIID riid,
                                    LPVOID *ppv);
IMAPI2_API HRESULT CoGetClassObject(REFCLSID rclsid, DWORD context, LPVOID server_info, REFIID riid,
                                    LPVOID *ppv);
/* "IMAPI2.MsftDiscRecorder2" and the like; case does not matter. CO_E_CLASSSTRING: no such class.
 */
IMAPI2_API HRESULT CLSIDFromProgID(LPCOLESTR progid, LPCLSID clsid);
/* The caller frees *progid with CoTaskMemFree. REGDB_E_CLASSNOTREG: no such class. */
IMAPI2_API HRESULT ProgIDFromCLSID(REFCLSID clsid, LPOLESTR *progid);
/* "{8-4-4-4-12}" in hex, or a ProgID; NULL means the null GUID. CO_E_CLASSSTRING: neither. */
IMAPI2_API HRESULT CLSIDFromString(LPCOLESTR text, LPCLSID clsid);
/* The braced form alone; NULL means the null GUID. CO_E_IIDSTRING, E_INVALIDARG: not a GUID. */
IMAPI2_API HRESULT IIDFromString(LPCOLESTR text, LPIID iid);
/* Writes 38 units and a NUL, returns 39; returns 0 if max, in units, is less than 39. */
IMAPI2_API INT StringFromGUID2(REFGUID guid, LPOLESTR text, INT max);
/* The caller frees *text with CoTaskMemFree. */
IMAPI2_API HRESULT StringFromCLSID(REFCLSID clsid, LPOLESTR *text);
IMAPI2_API HRESULT StringFromIID(REFIID iid, LPOLESTR *text);

/*
 * -- Late binding. Objects answer IDispatch without a type library (GetTypeInfoCount gives 0).
 * Names are found in any case. A member that succeeds: Invoke returns its own success code, S_FALSE
 * and S_IMAPI_SPEEDADJUSTED included. One that fails: Invoke returns DISP_E_EXCEPTION and the
 * EXCEPINFO's scode is the member's HRESULT; to a caller that passes no EXCEPINFO, the HRESULT
 * itself. The texts in the EXCEPINFO are NULL (imapi2_hresult_name() of <imapi2_linux.h> has
 * names).
 */

/* -- Memory. Everything that the library allocates for its objects, and all that it hands out,
 * comes from here, BSTRs and SAFEARRAYs included. */

/* A block of cb bytes, also when cb is 0; NULL when there is no memory or the spy refuses. */
IMAPI2_API LPVOID CoTaskMemAlloc(SIZE_T cb);
/* NULL leaves pv as it was, except that cb 0 frees it; pv may be NULL. */
IMAPI2_API LPVOID CoTaskMemRealloc(LPVOID pv, SIZE_T cb);
IMAPI2_API void CoTaskMemFree(LPVOID pv);
/* context is 1. The object is the process's own; AddRef and Release do nothing to it. */
IMAPI2_API HRESULT CoGetMalloc(DWORD context, IMalloc **malloc);
/*
 * One spy in a process: CO_E_OBJISREG if there is one. It sees every allocation before and after:
 * PreAlloc returning 0 refuses one. Its methods are called one at a time, and may allocate from
 * here (they are not called for that again). CoRevokeMallocSpy: CO_E_OBJNOTREG without a spy,
 * E_ACCESSDENIED while blocks live that it saw made: it is then gone once the last one is freed.
 */
IMAPI2_API HRESULT CoRegisterMallocSpy(IMallocSpy *spy);
IMAPI2_API HRESULT CoRevokeMallocSpy(void);

/* -- BSTR. NULL and "" are the same string; only SysAllocStringByteLen makes odd byte lengths. */

IMAPI2_API BSTR SysAllocString(const OLECHAR *text);                /* NULL gives NULL */
IMAPI2_API BSTR SysAllocStringLen(const OLECHAR *text, UINT units); /* NULL: zeroed units */
IMAPI2_API BSTR SysAllocStringByteLen(const char *bytes, UINT len); /* NULL: zeroed bytes */
/* FALSE without memory: *bstr is as it was. text may lie in *bstr. */
IMAPI2_API INT SysReAllocString(BSTR *bstr, const OLECHAR *text);
IMAPI2_API INT SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT units);
IMAPI2_API void SysFreeString(BSTR bstr);
IMAPI2_API UINT SysStringLen(BSTR bstr);     /* units; an odd last byte does not count */
IMAPI2_API UINT SysStringByteLen(BSTR bstr); /* bytes */

/* -- VARIANT */

IMAPI2_API void VariantInit(VARIANTARG *var);
/* Frees what it owns; DISP_E_ARRAYISLOCKED, DISP_E_BADVARTYPE leave it as it was. */
IMAPI2_API HRESULT VariantClear(VARIANTARG *var);
/* On failure dst is as it was. */
IMAPI2_API HRESULT VariantCopy(VARIANTARG *dst, const VARIANTARG *src);
IMAPI2_API HRESULT VariantCopyInd(VARIANT *dst, const VARIANTARG *src);
/*
 * Between all integers, R4, R8, BOOL, BSTR, EMPTY; DISPATCH and UNKNOWN into each other. Half-way
 * values round to even. DISP_E_OVERFLOW, DISP_E_TYPEMISMATCH, DISP_E_BADVARTYPE. Numbers in text
 * are written with a point in every locale, by both functions.
 */
IMAPI2_API HRESULT VariantChangeType(VARIANTARG *dst, const VARIANTARG *src, USHORT flags,
                                     VARTYPE vt);
IMAPI2_API HRESULT VariantChangeTypeEx(VARIANTARG *dst, const VARIANTARG *src, LCID lcid,
                                       USHORT flags, VARTYPE vt);

/* -- SAFEARRAY. Elements own what they hold: BSTRs are copied in and out, interfaces counted. */

IMAPI2_API SAFEARRAY *SafeArrayCreate(VARTYPE vt, UINT dims, SAFEARRAYBOUND *bounds);
IMAPI2_API SAFEARRAY *SafeArrayCreateVector(VARTYPE vt, LONG lower, ULONG elements);
IMAPI2_API HRESULT SafeArrayDestroy(SAFEARRAY *array); /* NULL gives S_OK */
IMAPI2_API HRESULT SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **copy);
IMAPI2_API HRESULT SafeArrayLock(SAFEARRAY *array);
IMAPI2_API HRESULT SafeArrayUnlock(SAFEARRAY *array);
IMAPI2_API HRESULT SafeArrayAccessData(SAFEARRAY *array, void **data);
IMAPI2_API HRESULT SafeArrayUnaccessData(SAFEARRAY *array);
/* indices: one a dimension, the leftmost first */
IMAPI2_API HRESULT SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *value);
/* value: the BSTR or interface pointer itself; for everything else, where the element lies */
IMAPI2_API HRESULT SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value);
IMAPI2_API HRESULT SafeArrayPtrOfIndex(SAFEARRAY *array, LONG *indices, void **data);
/* dim counts from 1 */
IMAPI2_API HRESULT SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *upper);
IMAPI2_API HRESULT SafeArrayGetLBound(SAFEARRAY *array, UINT dim, LONG *lower);
IMAPI2_API HRESULT SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *vt);
IMAPI2_API UINT SafeArrayGetDim(SAFEARRAY *array);
IMAPI2_API UINT SafeArrayGetElemsize(SAFEARRAY *array);

/* -- Streams. Any thread may call the methods; each call is whole. A Read that ends early, at the
 * end of the stream, returns S_FALSE. Clones share the bytes and have a position each. LockRegion:
 * STG_E_INVALIDFUNCTION. Positions and sizes up to 2^63 - 1. */

/* init may be NULL when cb is 0. NULL without memory. */
IMAPI2_API IStream *SHCreateMemStream(const BYTE *init, UINT cb);
/*
 * file: a path in UTF-16, taken as UTF-8 here. mode: STGM_READ, WRITE or READWRITE; with
 * STGM_CREATE the file is made, or emptied; without it, create FALSE opens one that exists and
 * create TRUE makes one that does not. Sharing flags are accepted and mean nothing here. attributes
 * and templ are not looked at (templ must be NULL). Failures are HRESULT_FROM_WIN32 codes.
 */
IMAPI2_API HRESULT SHCreateStreamOnFileEx(LPCWSTR file, DWORD mode, DWORD attributes, BOOL create,
                                          IStream *templ, IStream **stream);

#ifdef __cplusplus
}
#endif
#endif

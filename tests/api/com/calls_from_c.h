/* SPDX-License-Identifier: MIT */
#ifndef TESTS_API_COM_CALLS_FROM_C_H
#define TESTS_API_COM_CALLS_FROM_C_H

#include <imapi2.h>

#ifdef __cplusplus
extern "C" {
#endif

/* AddRef, Invoke with that id and no arguments, Release: through the vtable as C sees it. */
HRESULT call_invoke_from_c(IDispatch *object, DISPID id);

#ifdef __cplusplus
}
#endif
#endif

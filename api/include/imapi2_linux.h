/* SPDX-License-Identifier: MIT */
/*
 * What this implementation adds to Microsoft's: text in UTF-8 and the names of HRESULTs. Any thread
 * may call these functions at any time.
 */
#ifndef IMAPI2_LINUX_H
#define IMAPI2_LINUX_H

#include "imapi2.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A BSTR of the NUL-terminated UTF-8 text; the caller frees it with SysFreeString. E_INVALIDARG:
 * not UTF-8. E_OUTOFMEMORY. E_POINTER: an argument is NULL. *bstr is NULL on failure.
 */
IMAPI2_API HRESULT imapi2_bstr_from_utf8(const char *text, BSTR *bstr);

/*
 * The BSTR as NUL-terminated UTF-8; the caller frees it with CoTaskMemFree. bstr NULL is the empty
 * string. E_INVALIDARG: an odd length, a lone surrogate or a NUL inside. *text is NULL on failure.
 */
IMAPI2_API HRESULT imapi2_utf8_from_bstr(BSTR bstr, char **text);

/* "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED", "S_OK", "E_INVALIDARG"...; NULL for a code without a name. */
IMAPI2_API const char *imapi2_hresult_name(HRESULT hr);

/* The code of a name as above. S_OK, S_FALSE: no such name (*hr is as it was), E_POINTER. */
IMAPI2_API HRESULT imapi2_hresult_by_name(const char *name, HRESULT *hr);

#ifdef __cplusplus
}
#endif
#endif

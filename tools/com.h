/* SPDX-License-Identifier: MIT */
/* What the verbs that speak IMAPIv2 share: strings, errors, an open recorder. */
#ifndef VCDR_TOOLS_COM_H
#define VCDR_TOOLS_COM_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <imapi2.h>
#include <imapi2error.h>

/* The caller frees it with SysFreeString; NULL without memory or for text that is not UTF-8. */
BSTR com_bstr(const char *utf8);

/* The caller frees it; NULL without memory. Takes the BSTR, which may be NULL. */
char *com_utf8(BSTR bstr);

/* "E_IMAPI_RECORDER_LOCKED: ..." or the number; never NULL, valid until the next call. */
const char *com_error(HRESULT hr);

/* 0, or an exit status after one line on stderr that names the URL and the reason. */
int com_open_recorder(const char *url, IDiscRecorder2 **recorder);

/* One line about a call that the drive refused; names the holder where it is locked. Returns an exit
 * status. `recorder` may be NULL. */
int com_fail(const char *thing, IDiscRecorder2 *recorder, const char *call, HRESULT hr);

/* The owner's name, "" when free, NULL after one line on stderr. The caller frees it. */
char *com_owner(const char *url, IDiscRecorder2 *recorder);

#endif

/* SPDX-License-Identifier: MIT */
/* What the verbs that speak IMAPIv2 share: strings, errors, an open recorder. */
#ifndef VCDR_TOOLS_COM_H
#define VCDR_TOOLS_COM_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2_linux.h>

/* The text of a BSTR; takes the BSTR, which may be NULL. NULL without memory; the caller frees it
 * with CoTaskMemFree. */
char *com_text(BSTR bstr);

/* What went wrong in words, else the HRESULT's name or number; never NULL, valid until the next
 * call on this thread. */
const char *com_error(HRESULT hr);

/* 0, or an exit status after one line on stderr that names the URL and the reason. */
int com_open_recorder(const char *url, IDiscRecorder2 **recorder);

/* One line about a call that the drive refused; names the holder where it is locked. Returns an
 * exit status. `recorder` may be NULL. */
int com_fail(const char *thing, IDiscRecorder2 *recorder, const char *call, HRESULT hr);

/* The owner's name, "" when free, NULL after one line on stderr; freed with CoTaskMemFree. */
char *com_owner(const char *url, IDiscRecorder2 *recorder);

#endif

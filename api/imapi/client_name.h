/* SPDX-License-Identifier: MIT */
/*
 * The caller name of exclusive access (reference: imapi2 section 7.2): 1 to 63 of A-Z a-z 0-9,
 * space and . , : ; - _ . Pure; any thread.
 */
#ifndef VCDR_API_IMAPI_CLIENT_NAME_H
#define VCDR_API_IMAPI_CLIENT_NAME_H

#include <stdbool.h>
#include <imapi2.h>

#define CLIENT_NAME_MAX 63
#define CLIENT_NAME_SIZE (CLIENT_NAME_MAX + 1)

/* Judges every UTF-16 unit before it is narrowed, over the BSTR's whole byte length. NULL is "". */
bool client_name_valid(BSTR name);
/* Of a valid one; NUL-terminated. */
void client_name_narrow(BSTR name, char out[CLIENT_NAME_SIZE]);
/* As a new BSTR, "" included; NULL without memory. */
BSTR client_name_widen(const char *name);

#endif

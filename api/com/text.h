/* SPDX-License-Identifier: MIT */
/* Text between UTF-16, UTF-8 and ASCII, for the runtime itself; programs have imapi2_linux.h. */
#ifndef VCDR_API_COM_TEXT_H
#define VCDR_API_COM_TEXT_H

#include <stdbool.h>
#include "imapi2_linux.h"

/* Whether text is the ASCII name, in any case of its letters. */
bool com_names_equal(const OLECHAR *text, const char *name);
/* name with a NUL; the caller frees it with CoTaskMemFree. NULL without memory. */
OLECHAR *com_wide_from_ascii(const char *name);
/* Units before the NUL. */
size_t com_wide_length(const OLECHAR *text);
/* As imapi2_utf8_from_bstr, of that many units. */
HRESULT com_utf8_from_wide(const OLECHAR *text, size_t units, char **utf8);

#endif

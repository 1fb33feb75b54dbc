/* SPDX-License-Identifier: MIT */
/* What VARIANT and SAFEARRAY know of the types that they hold. */
#ifndef VCDR_API_COM_VARIANT_H
#define VCDR_API_COM_VARIANT_H

#include <stdbool.h>
#include "imapi2.h"

/* Bytes of a value of this plain type (no VT_ARRAY, no VT_BYREF); 0 for a type that is not known or
 * has no value. */
size_t com_type_size(VARTYPE vt);

/* Frees, and copies, what one value of the type at that address owns. */
HRESULT com_value_clear(VARTYPE vt, void *value);
HRESULT com_value_copy(VARTYPE vt, void *dst, const void *src);

#endif

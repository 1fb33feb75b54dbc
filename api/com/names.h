/* SPDX-License-Identifier: MIT */
/* Names of HRESULTs; idl/names.awk makes the table from imapi2_base.h and imapi2error.h. */
#ifndef VCDR_API_COM_NAMES_H
#define VCDR_API_COM_NAMES_H

#include "imapi2_linux.h"
#include "imapi2error.h"

struct com_hresult_name {
    HRESULT hr;
    const char *name;
};
extern const struct com_hresult_name com_hresult_names[];
extern const size_t com_hresult_name_count;

#endif

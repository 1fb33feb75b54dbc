/* SPDX-License-Identifier: MIT */
#include "api/com/names.h"

const char *imapi2_hresult_name(HRESULT hr)
{
    for (size_t i = 0; i < com_hresult_name_count; i++) {
        if (com_hresult_names[i].hr == hr)
            return com_hresult_names[i].name;
    }
    return NULL;
}

HRESULT imapi2_hresult_by_name(const char *name, HRESULT *hr)
{
    if (!name || !hr)
        return E_POINTER;
    for (size_t i = 0; i < com_hresult_name_count; i++) {
        if (strcmp(com_hresult_names[i].name, name) == 0) {
            *hr = com_hresult_names[i].hr;
            return S_OK;
        }
    }
    return S_FALSE;
}

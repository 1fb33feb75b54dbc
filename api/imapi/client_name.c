/* SPDX-License-Identifier: MIT */
#include "api/imapi/client_name.h"

static bool unit_valid(OLECHAR unit)
{
    return (unit >= 'A' && unit <= 'Z') || (unit >= 'a' && unit <= 'z') ||
           (unit >= '0' && unit <= '9') || unit == ' ' || unit == '.' || unit == ',' ||
           unit == ':' || unit == ';' || unit == '-' || unit == '_';
}

bool client_name_valid(BSTR name)
{
    UINT bytes = SysStringByteLen(name);
    UINT units = bytes / sizeof(OLECHAR);

    if (bytes % sizeof(OLECHAR) != 0 || units < 1 || units > CLIENT_NAME_MAX) {
        return false;
    }
    for (UINT i = 0; i < units; i++) {
        if (!unit_valid(name[i])) {
            return false;
        }
    }
    return true;
}

void client_name_narrow(BSTR name, char out[CLIENT_NAME_SIZE])
{
    UINT units = SysStringLen(name);

    for (UINT i = 0; i < units; i++) {
        out[i] = (char)name[i];
    }
    out[units] = '\0';
}

BSTR client_name_widen(const char *name)
{
    OLECHAR wide[256];
    UINT units = 0;

    while (name[units] != '\0' && units < sizeof(wide) / sizeof(wide[0])) {
        wide[units] = (unsigned char)name[units];
        units++;
    }
    return SysAllocStringLen(wide, units);
}

/* SPDX-License-Identifier: MIT */
/* GUIDs as text: {8-4-4-4-12} in hex. */
#include <stdbool.h>
#include "api/com/text.h"

#define GUID_UNITS 39 /* with the NUL */

/* Where the digit pairs of each byte of the text stand, in the order of the bytes. */
static const unsigned char pair_at[16] = {1,  3,  5,  7,  10, 12, 15, 17,
                                          20, 22, 25, 27, 29, 31, 33, 35};
static const char frame[GUID_UNITS] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

static void guid_to_bytes(REFGUID guid, BYTE bytes[16])
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (BYTE)(guid->Data1 >> (24 - 8 * i));
    bytes[4] = (BYTE)(guid->Data2 >> 8);
    bytes[5] = (BYTE)guid->Data2;
    bytes[6] = (BYTE)(guid->Data3 >> 8);
    bytes[7] = (BYTE)guid->Data3;
    memcpy(bytes + 8, guid->Data4, 8);
}

static void guid_from_bytes(GUID *guid, const BYTE bytes[16])
{
    guid->Data1 =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    guid->Data2 = (uint16_t)(bytes[4] << 8 | bytes[5]);
    guid->Data3 = (uint16_t)(bytes[6] << 8 | bytes[7]);
    memcpy(guid->Data4, bytes + 8, 8);
}

INT StringFromGUID2(REFGUID guid, LPOLESTR text, INT max)
{
    static const char digits[] = "0123456789ABCDEF";
    BYTE bytes[16];

    if (!guid || !text || max < GUID_UNITS)
        return 0;
    guid_to_bytes(guid, bytes);
    for (int i = 0; i < GUID_UNITS; i++)
        text[i] = (OLECHAR)frame[i];
    for (int i = 0; i < 16; i++) {
        text[pair_at[i]] = (OLECHAR)digits[bytes[i] >> 4];
        text[pair_at[i] + 1] = (OLECHAR)digits[bytes[i] & 0xF];
    }
    return GUID_UNITS;
}

static int hex_value(OLECHAR unit)
{
    if (unit >= '0' && unit <= '9')
        return unit - '0';
    if (unit >= 'A' && unit <= 'F')
        return unit - 'A' + 10;
    if (unit >= 'a' && unit <= 'f')
        return unit - 'a' + 10;
    return -1;
}

static bool guid_from_text(const OLECHAR *text, GUID *guid)
{
    BYTE bytes[16];

    for (int i = 0; i < GUID_UNITS; i++) {
        if (frame[i] == 'x' ? hex_value(text[i]) < 0 : text[i] != (OLECHAR)frame[i])
            return false;
    }
    for (int i = 0; i < 16; i++)
        bytes[i] = (BYTE)(hex_value(text[pair_at[i]]) << 4 | hex_value(text[pair_at[i] + 1]));
    guid_from_bytes(guid, bytes);
    return true;
}

HRESULT CLSIDFromString(LPCOLESTR text, LPCLSID clsid)
{
    if (!clsid)
        return E_INVALIDARG;
    *clsid = CLSID_NULL;
    if (!text || guid_from_text(text, clsid))
        return S_OK;
    return text[0] == '{' ? CO_E_CLASSSTRING : CLSIDFromProgID(text, clsid);
}

HRESULT IIDFromString(LPCOLESTR text, LPIID iid)
{
    if (!iid)
        return E_INVALIDARG;
    *iid = IID_NULL;
    if (!text || guid_from_text(text, iid))
        return S_OK;
    return text[0] == '{' ? CO_E_IIDSTRING : E_INVALIDARG;
}

HRESULT StringFromCLSID(REFCLSID clsid, LPOLESTR *text)
{
    if (!text)
        return E_INVALIDARG;
    *text = NULL;
    if (!clsid)
        return E_INVALIDARG;
    *text = CoTaskMemAlloc(GUID_UNITS * sizeof(OLECHAR));
    if (!*text)
        return E_OUTOFMEMORY;
    StringFromGUID2(clsid, *text, GUID_UNITS);
    return S_OK;
}

HRESULT StringFromIID(REFIID iid, LPOLESTR *text)
{
    return StringFromCLSID(iid, text);
}

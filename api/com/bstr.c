/* SPDX-License-Identifier: MIT */
/*
 * BSTR: 8 bytes in front of the text, the last 4 of them its length in bytes; behind the text two
 * zero bytes, also when the length is odd.
 */
#include "imapi2.h"

#define PREFIX 8u
#define MAX_BYTES 0x7FFFFFF0u /* INT_MAX, with room for the prefix and the end */

static void set_length(char *block, UINT bytes)
{
    DWORD length = bytes;

    memcpy(block + PREFIX - sizeof(length), &length, sizeof(length));
}

static BSTR make(const void *text, UINT bytes)
{
    char *block;

    if (bytes > MAX_BYTES)
        return NULL;
    block = CoTaskMemAlloc((SIZE_T)PREFIX + bytes + sizeof(OLECHAR));
    if (!block)
        return NULL;
    set_length(block, bytes);
    if (text)
        memcpy(block + PREFIX, text, bytes);
    else
        memset(block + PREFIX, 0, bytes);
    memset(block + PREFIX + bytes, 0, sizeof(OLECHAR));
    return (BSTR)(void *)(block + PREFIX);
}

static UINT units_of(const OLECHAR *text)
{
    UINT n = 0;

    while (text[n] && n < MAX_BYTES / sizeof(OLECHAR))
        n++;
    return n;
}

BSTR SysAllocString(const OLECHAR *text)
{
    return text ? SysAllocStringLen(text, units_of(text)) : NULL;
}

BSTR SysAllocStringLen(const OLECHAR *text, UINT units)
{
    if (units > MAX_BYTES / sizeof(OLECHAR))
        return NULL;
    return make(text, units * (UINT)sizeof(OLECHAR));
}

BSTR SysAllocStringByteLen(const char *bytes, UINT len)
{
    return make(bytes, len);
}

void SysFreeString(BSTR bstr)
{
    if (bstr)
        CoTaskMemFree((char *)bstr - PREFIX);
}

UINT SysStringByteLen(BSTR bstr)
{
    DWORD length = 0;

    if (bstr)
        memcpy(&length, (char *)bstr - sizeof(length), sizeof(length));
    return length;
}

UINT SysStringLen(BSTR bstr)
{
    return SysStringByteLen(bstr) / (UINT)sizeof(OLECHAR);
}

INT SysReAllocString(BSTR *bstr, const OLECHAR *text)
{
    if (!bstr)
        return FALSE;
    if (text)
        return SysReAllocStringLen(bstr, text, units_of(text));
    SysFreeString(*bstr);
    *bstr = NULL;
    return TRUE;
}

/* The old string goes last: text may lie in it. */
INT SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT units)
{
    BSTR fresh;

    if (!bstr)
        return FALSE;
    fresh = SysAllocStringLen(text, units);
    if (!fresh)
        return FALSE;
    SysFreeString(*bstr);
    *bstr = fresh;
    return TRUE;
}

/* SPDX-License-Identifier: MIT */
#include "api/com/text.h"

#include <stdint.h>

static OLECHAR lower(OLECHAR unit)
{
    return unit >= 'A' && unit <= 'Z' ? (OLECHAR)(unit - 'A' + 'a') : unit;
}

bool com_names_equal(const OLECHAR *text, const char *name)
{
    size_t i = 0;

    while (text[i] && name[i] && lower(text[i]) == lower((OLECHAR)(unsigned char)name[i]))
        i++;
    return !text[i] && !name[i];
}

OLECHAR *com_wide_from_ascii(const char *name)
{
    size_t len = strlen(name);
    OLECHAR *text = CoTaskMemAlloc((len + 1) * sizeof(*text));

    for (size_t i = 0; text && i <= len; i++)
        text[i] = (OLECHAR)(unsigned char)name[i];
    return text;
}

size_t com_wide_length(const OLECHAR *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

/*
 * One character of UTF-8 (RFC 3629): its bytes, or 0 for what is none, which is also an overlong
 * form, a surrogate or anything above U+10FFFF. A NUL ends every sequence early.
 */
static size_t decode_utf8(const unsigned char *s, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xC0 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;

    if (len == 0 || s[0] > 0xF4)
        return 0;
    *code = len == 1 ? s[0] : s[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3F);
    }
    if (*code < smallest[len] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
        return 0;
    return len;
}

/* UTF-16 units of the text; writes them where out is not NULL. */
static HRESULT utf16_of(const char *text, OLECHAR *out, size_t *units)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t n = 0;

    while (*s) {
        uint32_t code;
        size_t len = decode_utf8(s, &code);

        if (!len)
            return E_INVALIDARG;
        s += len;
        if (code < 0x10000) {
            if (out)
                out[n] = (OLECHAR)code;
            n++;
            continue;
        }
        if (out) {
            out[n] = (OLECHAR)(0xD800 + ((code - 0x10000) >> 10));
            out[n + 1] = (OLECHAR)(0xDC00 + ((code - 0x10000) & 0x3FF));
        }
        n += 2;
    }
    *units = n;
    return S_OK;
}

HRESULT imapi2_bstr_from_utf8(const char *text, BSTR *bstr)
{
    size_t units;
    HRESULT hr;

    if (!bstr)
        return E_POINTER;
    *bstr = NULL;
    if (!text)
        return E_POINTER;
    hr = utf16_of(text, NULL, &units);
    if (FAILED(hr))
        return hr;
    *bstr = units > UINT32_MAX / 2 ? NULL : SysAllocStringLen(NULL, (UINT)units);
    if (!*bstr)
        return E_OUTOFMEMORY;
    return utf16_of(text, *bstr, &units);
}

/* The character at text[*at], which moves on; FALSE: half a surrogate pair, or NUL. */
static bool decode_utf16(const OLECHAR *text, size_t units, size_t *at, uint32_t *code)
{
    uint32_t unit = text[(*at)++];
    uint32_t low;

    *code = unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit != 0;
    if (unit > 0xDBFF || *at == units)
        return false;
    low = text[(*at)++];
    *code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return low >= 0xDC00 && low <= 0xDFFF;
}

static size_t encode_utf8(uint32_t code, char *out)
{
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(lead[len] | code);
    return len;
}

HRESULT com_utf8_from_wide(const OLECHAR *text, size_t units, char **utf8)
{
    size_t at = 0, len = 0;
    char *out;

    *utf8 = NULL;
    out = CoTaskMemAlloc(units * 3 + 1); /* 3 bytes for one unit, 4 for two */
    if (!out)
        return E_OUTOFMEMORY;
    while (at < units) {
        uint32_t code;

        if (!decode_utf16(text, units, &at, &code)) {
            CoTaskMemFree(out);
            return E_INVALIDARG;
        }
        len += encode_utf8(code, out + len);
    }
    out[len] = '\0';
    *utf8 = out;
    return S_OK;
}

HRESULT imapi2_utf8_from_bstr(BSTR bstr, char **text)
{
    if (!text)
        return E_POINTER;
    *text = NULL;
    if (SysStringByteLen(bstr) % sizeof(OLECHAR))
        return E_INVALIDARG;
    return com_utf8_from_wide(bstr, SysStringLen(bstr), text);
}

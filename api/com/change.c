/* SPDX-License-Identifier: MIT */
/*
 * VariantChangeType. A number in between is an exact integer, signed or unsigned, or a double, so
 * that no 64-bit value loses a bit on its way to another integer.
 */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "api/com/text.h"
#include "api/com/variant.h"

enum number_kind {
    NUMBER_SIGNED,   /* i, negative */
    NUMBER_UNSIGNED, /* u */
    NUMBER_REAL,     /* r */
};
struct number {
    enum number_kind kind;
    LONGLONG i;
    ULONGLONG u;
    double r;
};

static struct number number_i(LONGLONG i)
{
    struct number n = {i < 0 ? NUMBER_SIGNED : NUMBER_UNSIGNED, i, (ULONGLONG)i, 0};

    return n;
}

static struct number number_u(ULONGLONG u)
{
    struct number n = {NUMBER_UNSIGNED, 0, u, 0};

    return n;
}

static struct number number_r(double r)
{
    struct number n = {NUMBER_REAL, 0, 0, r};

    return n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Digits only, with a sign: exact. FALSE: something else, or more than 64 bits. */
static bool integer_from_text(const char *s, struct number *n)
{
    bool negative = *s == '-';
    ULONGLONG u = 0;

    if (*s == '-' || *s == '+')
        s++;
    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || u > (UINT64_MAX - (ULONGLONG)(*s - '0')) / 10)
            return false;
        u = u * 10 + (ULONGLONG)(*s - '0');
    }
    if (negative && u > (ULONGLONG)INT64_MAX + 1)
        return false;
    *n = negative ? number_i((LONGLONG)(0 - u)) : number_u(u);
    return true;
}

static HRESULT real_from_text(const char *s, struct number *n)
{
    locale_t c_locale;
    char *end;

    if (strspn(s, "+-0123456789.eE") != strlen(s) || !strpbrk(s, "0123456789"))
        return DISP_E_TYPEMISMATCH; /* strtod knows "inf", "nan" and hex as well */
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        return E_OUTOFMEMORY;
    *n = number_r(strtod_l(s, &end, c_locale));
    freelocale(c_locale);
    if (*end)
        return DISP_E_TYPEMISMATCH;
    return isfinite(n->r) ? S_OK : DISP_E_OVERFLOW;
}

/* The text, without blanks around it, in ASCII; FALSE if it cannot be a number. */
static bool ascii_of(BSTR bstr, char *out, size_t size)
{
    size_t len = SysStringLen(bstr), from = 0;

    if (SysStringByteLen(bstr) % sizeof(OLECHAR))
        return false;
    while (from < len && bstr[from] < 0x80 && is_blank((char)bstr[from]))
        from++;
    while (len > from && bstr[len - 1] < 0x80 && is_blank((char)bstr[len - 1]))
        len--;
    if (len == from || len - from >= size)
        return false;
    for (size_t i = from; i < len; i++) {
        if (bstr[i] == 0 || bstr[i] >= 0x80)
            return false;
        out[i - from] = (char)bstr[i];
    }
    out[len - from] = '\0';
    return true;
}

static HRESULT number_from_text(BSTR bstr, struct number *n)
{
    char text[128];

    if (!ascii_of(bstr, text, sizeof(text)))
        return DISP_E_TYPEMISMATCH;
    return integer_from_text(text, n) ? S_OK : real_from_text(text, n);
}

static HRESULT number_of(const VARIANT *v, struct number *n)
{
    switch (v->vt) {
    case VT_EMPTY:
        *n = number_u(0);
        return S_OK;
    case VT_I1:
        *n = number_i((signed char)v->cVal);
        return S_OK;
    case VT_UI1:
        *n = number_u(v->bVal);
        return S_OK;
    case VT_I2:
        *n = number_i(v->iVal);
        return S_OK;
    case VT_UI2:
        *n = number_u(v->uiVal);
        return S_OK;
    case VT_I4:
    case VT_INT:
        *n = number_i(v->lVal);
        return S_OK;
    case VT_UI4:
    case VT_UINT:
        *n = number_u(v->ulVal);
        return S_OK;
    case VT_I8:
        *n = number_i(v->llVal);
        return S_OK;
    case VT_UI8:
        *n = number_u(v->ullVal);
        return S_OK;
    case VT_BOOL:
        *n = number_i(v->boolVal);
        return S_OK;
    case VT_R4:
        *n = number_r((double)v->fltVal);
        return S_OK;
    case VT_R8:
        *n = number_r(v->dblVal);
        return S_OK;
    case VT_BSTR:
        return number_from_text(v->bstrVal, n);
    default:
        return DISP_E_TYPEMISMATCH;
    }
}

/* To an integer: half-way values to the even one. */
static HRESULT round_real(double r, struct number *n)
{
    double floor_of = floor(r), part = r - floor_of, whole;

    if (!isfinite(r))
        return DISP_E_OVERFLOW;
    whole = part > 0.5 || (part == 0.5 && fmod(floor_of, 2) != 0) ? floor_of + 1 : floor_of;
    if (whole < -9223372036854775808.0 || whole >= 18446744073709551616.0)
        return DISP_E_OVERFLOW;
    *n = whole < 0 ? number_i((LONGLONG)whole) : number_u((ULONGLONG)whole);
    return S_OK;
}

static bool fits(const struct number *n, LONGLONG min, ULONGLONG max)
{
    return n->kind == NUMBER_SIGNED ? n->i >= min : n->u <= max;
}

/* The limits of the integers. */
static const struct {
    VARTYPE vt;
    LONGLONG min;
    ULONGLONG max;
} integers[] = {
    {VT_I1, INT8_MIN, INT8_MAX},    {VT_UI1, 0, UINT8_MAX},        {VT_I2, INT16_MIN, INT16_MAX},
    {VT_UI2, 0, UINT16_MAX},        {VT_I4, INT32_MIN, INT32_MAX}, {VT_UI4, 0, UINT32_MAX},
    {VT_INT, INT32_MIN, INT32_MAX}, {VT_UINT, 0, UINT32_MAX},      {VT_I8, INT64_MIN, INT64_MAX},
    {VT_UI8, 0, UINT64_MAX},
};

static HRESULT to_integer(VARIANT *v, struct number n, VARTYPE vt)
{
    HRESULT hr = n.kind == NUMBER_REAL ? round_real(n.r, &n) : S_OK;
    ULONGLONG raw;

    for (size_t i = 0; SUCCEEDED(hr) && i < sizeof(integers) / sizeof(integers[0]); i++) {
        if (integers[i].vt != vt)
            continue;
        if (!fits(&n, integers[i].min, integers[i].max))
            return DISP_E_OVERFLOW;
        raw = n.kind == NUMBER_SIGNED ? (ULONGLONG)n.i : n.u;
        switch (com_type_size(vt)) {
        case 1:
            v->bVal = (BYTE)raw;
            break;
        case 2:
            v->uiVal = (USHORT)raw;
            break;
        case 4:
            v->ulVal = (ULONG)raw;
            break;
        default:
            v->ullVal = raw;
            break;
        }
        v->vt = vt;
        return S_OK;
    }
    return FAILED(hr) ? hr : DISP_E_TYPEMISMATCH;
}

static double to_real(const struct number *n)
{
    switch (n->kind) {
    case NUMBER_SIGNED:
        return (double)n->i;
    case NUMBER_UNSIGNED:
        return (double)n->u;
    case NUMBER_REAL:
        return n->r;
    }
    return 0;
}

/* "True" and "False" are Booleans as text, in any case; any number is one too. */
static HRESULT to_bool(VARIANT *v, const VARIANT *src)
{
    struct number n;
    HRESULT hr;

    v->vt = VT_BOOL;
    if (src->vt == VT_BSTR && src->bstrVal) {
        bool is_true = com_names_equal(src->bstrVal, "True");

        if (is_true || com_names_equal(src->bstrVal, "False")) {
            v->boolVal = is_true ? VARIANT_TRUE : VARIANT_FALSE;
            return S_OK;
        }
    }
    hr = number_of(src, &n);
    if (SUCCEEDED(hr))
        v->boolVal = to_real(&n) != 0 ? VARIANT_TRUE : VARIANT_FALSE;
    return hr;
}

static HRESULT to_number(VARIANT *v, const VARIANT *src, VARTYPE vt)
{
    struct number n;
    HRESULT hr = number_of(src, &n);

    if (FAILED(hr))
        return hr;
    switch (vt) {
    case VT_R4:
        v->fltVal = (float)to_real(&n);
        if (isinf(v->fltVal) && !isinf(to_real(&n)))
            return DISP_E_OVERFLOW;
        break;
    case VT_R8:
        v->dblVal = to_real(&n);
        break;
    default:
        return to_integer(v, n, vt);
    }
    v->vt = vt;
    return S_OK;
}

/* %g writes the locale's own point, which is never more than one odd character here. */
static void print_real(char *out, size_t size, double r, int digits)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t old = c_locale ? uselocale(c_locale) : (locale_t)0;

    snprintf(out, size, "%.*g", digits, r);
    if (c_locale) {
        uselocale(old);
        freelocale(c_locale);
    }
}

static HRESULT to_text(VARIANT *v, const VARIANT *src, USHORT flags)
{
    char text[64] = "";
    struct number n;
    HRESULT hr = number_of(src, &n);

    if (FAILED(hr))
        return hr;
    if (src->vt == VT_BOOL && (flags & VARIANT_ALPHABOOL))
        snprintf(text, sizeof(text), "%s", src->boolVal ? "True" : "False");
    else if (n.kind == NUMBER_REAL)
        print_real(text, sizeof(text), n.r, src->vt == VT_R4 ? 7 : 15);
    else if (n.kind == NUMBER_SIGNED)
        snprintf(text, sizeof(text), "%lld", (long long)n.i);
    else if (src->vt != VT_EMPTY)
        snprintf(text, sizeof(text), "%llu", (unsigned long long)n.u);
    v->vt = VT_BSTR;
    return imapi2_bstr_from_utf8(text, &v->bstrVal);
}

static HRESULT to_interface(VARIANT *v, const VARIANT *src, VARTYPE vt)
{
    IUnknown *unknown = src->punkVal;

    if (src->vt != VT_DISPATCH && src->vt != VT_UNKNOWN)
        return DISP_E_TYPEMISMATCH;
    v->vt = vt;
    v->punkVal = NULL;
    if (!unknown)
        return S_OK;
    if (FAILED(unknown->lpVtbl->QueryInterface(
            unknown, vt == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown, &v->byref)))
        return DISP_E_TYPEMISMATCH;
    return S_OK;
}

static HRESULT change(VARIANT *v, const VARIANT *src, USHORT flags, VARTYPE vt)
{
    if (src->vt == vt)
        return VariantCopy(v, src);
    switch (vt) {
    case VT_EMPTY:
        return S_OK;
    case VT_NULL:
        return DISP_E_TYPEMISMATCH;
    case VT_BOOL:
        return to_bool(v, src);
    case VT_BSTR:
        return to_text(v, src, flags);
    case VT_DISPATCH:
    case VT_UNKNOWN:
        return to_interface(v, src, vt);
    default:
        return com_type_size(vt) ? to_number(v, src, vt) : DISP_E_BADVARTYPE;
    }
}

HRESULT VariantChangeTypeEx(VARIANTARG *dst, const VARIANTARG *src, LCID lcid, USHORT flags,
                            VARTYPE vt)
{
    VARIANT plain, fresh;
    HRESULT hr;

    (void)lcid;
    if (!dst || !src)
        return E_INVALIDARG;
    VariantInit(&plain);
    VariantInit(&fresh);
    hr = VariantCopyInd(&plain, src);
    if (SUCCEEDED(hr))
        hr = change(&fresh, &plain, flags, vt);
    if (SUCCEEDED(hr))
        hr = VariantClear(dst);
    VariantClear(&plain);
    if (FAILED(hr))
        VariantClear(&fresh);
    else
        *dst = fresh;
    return hr;
}

HRESULT VariantChangeType(VARIANTARG *dst, const VARIANTARG *src, USHORT flags, VARTYPE vt)
{
    return VariantChangeTypeEx(dst, src, LOCALE_USER_DEFAULT, flags, vt);
}

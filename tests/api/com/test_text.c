/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <imapi2_linux.h>
#include "spy.h"

static void text_of_every_length_of_utf8_goes_there_and_back(void **state)
{
    /* U+0041, U+00E9, U+20AC, U+1D11E */
    static const char utf8[] = "A\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E";
    static const OLECHAR utf16[] = {0x0041, 0x00E9, 0x20AC, 0xD834, 0xDD1E, 0x0000};
    BSTR bstr;
    char *back;

    (void)state;
    assert_int_equal(imapi2_bstr_from_utf8(utf8, &bstr), S_OK);
    assert_int_equal(SysStringLen(bstr), 5);
    assert_memory_equal(bstr, utf16, sizeof(utf16));
    assert_int_equal(imapi2_utf8_from_bstr(bstr, &back), S_OK);
    assert_string_equal(back, utf8);
    CoTaskMemFree(back);
    SysFreeString(bstr);
}

static void the_limits_of_each_length_are_kept(void **state)
{
    static const OLECHAR units[] = {0x7F,   0x80,   0x7FF,  0x800,  0xD7FF, 0xE000,
                                    0xFFFF, 0xD800, 0xDC00, 0xDBFF, 0xDFFF};
    BSTR bstr = SysAllocStringLen(units, 11), again;
    char *utf8;

    (void)state;
    assert_int_equal(imapi2_utf8_from_bstr(bstr, &utf8), S_OK);
    assert_string_equal(utf8, "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80"
                              "\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
    assert_int_equal(imapi2_bstr_from_utf8(utf8, &again), S_OK);
    assert_int_equal(SysStringLen(again), 11);
    assert_memory_equal(again, units, sizeof(units));
    CoTaskMemFree(utf8);
    SysFreeString(bstr);
    SysFreeString(again);
}

static void bytes_that_are_no_utf8_are_refused(void **state)
{
    static const char *const bad[] = {
        "\x80",             /* a continuation alone */
        "\xC3",             /* cut short */
        "\xE2\x82",         /* cut short */
        "\xC0\x80",         /* overlong NUL */
        "\xE0\x9F\xBF",     /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "ok\xC3(",
    };
    BSTR bstr;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        bstr = (BSTR)1;
        assert_int_equal(imapi2_bstr_from_utf8(bad[i], &bstr), E_INVALIDARG);
        assert_null(bstr);
    }
}

static void units_that_are_no_text_are_refused(void **state)
{
    static const OLECHAR bad[][2] = {
        {0xD800, 'a'},    /* half a pair */
        {'a', 0xDBFF},    /* half a pair, at the end */
        {0xDC00, 0xD800}, /* the wrong way round */
        {'a', 0},         /* a NUL inside */
    };
    BSTR odd = SysAllocStringByteLen("abc", 3);
    char *utf8 = (char *)1;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        BSTR bstr = SysAllocStringLen(bad[i], 2);

        assert_int_equal(imapi2_utf8_from_bstr(bstr, &utf8), E_INVALIDARG);
        assert_null(utf8);
        SysFreeString(bstr);
    }
    assert_int_equal(imapi2_utf8_from_bstr(odd, &utf8), E_INVALIDARG);
    SysFreeString(odd);
}

static void nothing_is_the_empty_text(void **state)
{
    BSTR bstr;
    char *utf8;

    (void)state;
    assert_int_equal(imapi2_bstr_from_utf8("", &bstr), S_OK);
    assert_non_null(bstr);
    assert_int_equal(SysStringLen(bstr), 0);
    SysFreeString(bstr);
    assert_int_equal(imapi2_utf8_from_bstr(NULL, &utf8), S_OK);
    assert_string_equal(utf8, "");
    CoTaskMemFree(utf8);
    assert_int_equal(imapi2_bstr_from_utf8(NULL, &bstr), E_POINTER);
    assert_null(bstr);
    assert_int_equal(imapi2_bstr_from_utf8("", NULL), E_POINTER);
    assert_int_equal(imapi2_utf8_from_bstr(NULL, NULL), E_POINTER);
}

static HRESULT there_and_back(void *context)
{
    BSTR bstr;
    char *utf8 = NULL;
    HRESULT hr = imapi2_bstr_from_utf8(context, &bstr);

    if (SUCCEEDED(hr))
        hr = imapi2_utf8_from_bstr(bstr, &utf8);
    CoTaskMemFree(utf8);
    SysFreeString(bstr);
    return hr;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    assert_int_equal(spy_fail_each(there_and_back, "text", E_OUTOFMEMORY), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_every_length_of_utf8_goes_there_and_back),
        cmocka_unit_test(the_limits_of_each_length_are_kept),
        cmocka_unit_test(bytes_that_are_no_utf8_are_refused),
        cmocka_unit_test(units_that_are_no_text_are_refused),
        cmocka_unit_test(nothing_is_the_empty_text),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

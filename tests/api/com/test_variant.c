/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "spy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static VARIANT of(VARTYPE vt, ULONGLONG bits)
{
    VARIANT v;

    VariantInit(&v);
    v.vt = vt;
    v.ullVal = bits;
    return v;
}

static VARIANT text(const OLECHAR *s)
{
    VARIANT v = of(VT_BSTR, 0);

    v.bstrVal = SysAllocString(s);
    return v;
}

static VARIANT real(double r)
{
    VARIANT v = of(VT_R8, 0);

    v.dblVal = r;
    return v;
}

static void a_copy_of_a_string_is_another_string(void **state)
{
    VARIANT a = text(u"disc"), b = of(VT_I4, 5);

    (void)state;
    assert_int_equal(VariantCopy(&b, &a), S_OK);
    assert_int_equal(b.vt, VT_BSTR);
    assert_ptr_not_equal(a.bstrVal, b.bstrVal);
    assert_memory_equal(b.bstrVal, u"disc", 10);
    VariantClear(&a);
    VariantClear(&b);
    assert_int_equal(b.vt, VT_EMPTY);
}

static void an_interface_is_counted(void **state)
{
    IStream *stream = SHCreateMemStream(NULL, 0);
    VARIANT a = of(VT_UNKNOWN, 0), b = of(VT_EMPTY, 0);

    (void)state;
    a.punkVal = (IUnknown *)stream;
    assert_int_equal(VariantCopy(&b, &a), S_OK);
    assert_int_equal(VariantClear(&a), S_OK); /* gives up ours */
    assert_int_equal(stream->lpVtbl->AddRef(stream), 2);
    assert_int_equal(stream->lpVtbl->Release(stream), 1);
    assert_int_equal(VariantClear(&b), S_OK);
}

static void a_reference_owns_nothing(void **state)
{
    BSTR bstr = SysAllocString(u"mine");
    VARIANT a = of(VT_BYREF | VT_BSTR, 0), b = of(VT_EMPTY, 0);

    (void)state;
    a.pbstrVal = &bstr;
    assert_int_equal(VariantCopy(&b, &a), S_OK);
    assert_ptr_equal(b.pbstrVal, &bstr);
    assert_int_equal(VariantClear(&a), S_OK);
    assert_int_equal(VariantCopyInd(&a, &b), S_OK);
    assert_int_equal(a.vt, VT_BSTR);
    assert_ptr_not_equal(a.bstrVal, bstr);
    VariantClear(&a);
    SysFreeString(bstr);
}

static void a_reference_to_a_variant_is_followed_once(void **state)
{
    VARIANT inner = of(VT_I4, 7), outer = of(VT_BYREF | VT_VARIANT, 0), twice = outer;
    VARIANT got = of(VT_EMPTY, 0);

    (void)state;
    outer.pvarVal = &inner;
    twice.pvarVal = &outer;
    assert_int_equal(VariantCopyInd(&got, &outer), S_OK);
    assert_int_equal(got.vt, VT_I4);
    assert_int_equal(got.lVal, 7);
    assert_int_equal(VariantCopyInd(&got, &twice), E_INVALIDARG);
    assert_int_equal(got.lVal, 7);
}

static void a_type_that_is_none_is_refused_and_left_alone(void **state)
{
    VARIANT bad = of(15, 1), good = of(VT_I4, 2), vector = of(VT_VECTOR | VT_I4, 3);

    (void)state;
    assert_int_equal(VariantClear(&bad), DISP_E_BADVARTYPE);
    assert_int_equal(bad.vt, 15);
    assert_int_equal(VariantCopy(&good, &bad), DISP_E_BADVARTYPE);
    assert_int_equal(good.lVal, 2);
    assert_int_equal(VariantClear(&vector), DISP_E_BADVARTYPE);
    assert_int_equal(VariantClear(NULL), E_INVALIDARG);
    assert_int_equal(VariantCopy(NULL, &good), E_INVALIDARG);
    VariantInit(NULL);
}

static void a_locked_array_is_not_cleared(void **state)
{
    VARIANT v = of(VT_ARRAY | VT_I4, 0);

    (void)state;
    v.parray = SafeArrayCreateVector(VT_I4, 0, 1);
    SafeArrayLock(v.parray);
    assert_int_equal(VariantClear(&v), DISP_E_ARRAYISLOCKED);
    assert_int_equal(v.vt, VT_ARRAY | VT_I4);
    SafeArrayUnlock(v.parray);
    assert_int_equal(VariantClear(&v), S_OK);
}

/* One change of type between plain values; want is compared in the bytes of its type. */
static void change_is(VARIANT from, VARTYPE to, HRESULT hr, ULONGLONG want)
{
    VARIANT got = of(VT_I4, 0x5555);
    HRESULT result = VariantChangeType(&got, &from, 0, to);

    if (result != hr)
        fail_msg("type %u value 0x%llx to %u: got 0x%08x, expected 0x%08x", from.vt,
                 (unsigned long long)from.ullVal, to, (unsigned)result, (unsigned)hr);
    assert_int_equal(got.vt, SUCCEEDED(hr) ? to : VT_I4);
    assert_int_equal(got.ullVal, SUCCEEDED(hr) ? want : 0x5555);
    VariantClear(&from);
}

static void integers_change_within_their_limits(void **state)
{
    (void)state;
    change_is(of(VT_I4, 255), VT_UI1, S_OK, 255);
    change_is(of(VT_I4, 256), VT_UI1, DISP_E_OVERFLOW, 0);
    change_is(of(VT_I4, 0xFFFFFFFF), VT_I2, S_OK, 0xFFFF); /* -1 */
    change_is(of(VT_I4, 0xFFFFFFFF), VT_UI4, DISP_E_OVERFLOW, 0);
    change_is(of(VT_I2, 0x8000), VT_I8, S_OK, 0xFFFFFFFFFFFF8000);
    change_is(of(VT_UI8, UINT64_MAX), VT_I8, DISP_E_OVERFLOW, 0);
    change_is(of(VT_I8, 0x7FFFFFFFFFFFFFFF), VT_UI8, S_OK, 0x7FFFFFFFFFFFFFFF);
    change_is(of(VT_I1, 0x80), VT_I4, S_OK, 0xFFFFFF80); /* -128 */
    change_is(of(VT_UI4, 0xFFFFFFFF), VT_INT, DISP_E_OVERFLOW, 0);
    change_is(of(VT_UI4, 0xFFFFFFFF), VT_UINT, S_OK, 0xFFFFFFFF);
    change_is(of(VT_EMPTY, 0), VT_I4, S_OK, 0);
    change_is(of(VT_NULL, 0), VT_I4, DISP_E_TYPEMISMATCH, 0);
    change_is(of(VT_I4, 1), VT_NULL, DISP_E_TYPEMISMATCH, 0);
    change_is(of(VT_I4, 1), 15, DISP_E_BADVARTYPE, 0);
}

static void halves_round_to_the_even_neighbour(void **state)
{
    (void)state;
    change_is(real(2.5), VT_I4, S_OK, 2);
    change_is(real(3.5), VT_I4, S_OK, 4);
    change_is(real(-2.5), VT_I4, S_OK, 0xFFFFFFFE);
    change_is(real(-0.4), VT_UI1, S_OK, 0);
    change_is(real(2147483647.4), VT_I4, S_OK, 0x7FFFFFFF);
    change_is(real(2147483647.5), VT_I4, DISP_E_OVERFLOW, 0);
    change_is(real(1e300), VT_I8, DISP_E_OVERFLOW, 0);
    change_is(real(0.0 / 0.0), VT_I4, DISP_E_OVERFLOW, 0);
}

static void booleans_are_minus_one_and_zero(void **state)
{
    (void)state;
    change_is(of(VT_I4, 1), VT_BOOL, S_OK, 0xFFFF);
    change_is(of(VT_I4, 0), VT_BOOL, S_OK, 0);
    change_is(real(0.1), VT_BOOL, S_OK, 0xFFFF);
    change_is(of(VT_BOOL, 0xFFFF), VT_I4, S_OK, 0xFFFFFFFF);
    change_is(text(u"true"), VT_BOOL, S_OK, 0xFFFF);
    change_is(text(u"False"), VT_BOOL, S_OK, 0);
    change_is(text(u"-1"), VT_BOOL, S_OK, 0xFFFF);
    change_is(text(u"yes"), VT_BOOL, DISP_E_TYPEMISMATCH, 0);
}

static void text_is_read_as_a_number(void **state)
{
    (void)state;
    change_is(text(u" 42 "), VT_I4, S_OK, 42);
    change_is(text(u"-1"), VT_I4, S_OK, 0xFFFFFFFF);
    change_is(text(u"+7"), VT_UI1, S_OK, 7);
    change_is(text(u"1.5e1"), VT_I4, S_OK, 15);
    change_is(text(u"18446744073709551615"), VT_UI8, S_OK, UINT64_MAX);
    change_is(text(u"18446744073709551616"), VT_UI8, DISP_E_OVERFLOW, 0);
    change_is(text(u"-9223372036854775808"), VT_I8, S_OK, 0x8000000000000000);
    change_is(text(u""), VT_I4, DISP_E_TYPEMISMATCH, 0);
    change_is(text(u"4 2"), VT_I4, DISP_E_TYPEMISMATCH, 0);
    change_is(text(u"0x10"), VT_I4, DISP_E_TYPEMISMATCH, 0);
    change_is(text(u"inf"), VT_R8, DISP_E_TYPEMISMATCH, 0);
    change_is(text(u"1\x0664"), VT_I4, DISP_E_TYPEMISMATCH, 0); /* 1 and an Arabic digit */
    change_is(text(u"1e999"), VT_R8, DISP_E_OVERFLOW, 0);
}

static void writes_as(VARIANT from, USHORT flags, const OLECHAR *want)
{
    VARIANT got;
    size_t units = 0;

    while (want[units])
        units++;
    VariantInit(&got);
    assert_int_equal(VariantChangeType(&got, &from, flags, VT_BSTR), S_OK);
    assert_int_equal(got.vt, VT_BSTR);
    assert_int_equal(SysStringLen(got.bstrVal), units);
    assert_memory_equal(got.bstrVal, want, units * 2);
    VariantClear(&got);
}

static void numbers_are_written_as_text(void **state)
{
    (void)state;
    writes_as(of(VT_I4, 0xFFFFFFFF), 0, u"-1");
    writes_as(of(VT_UI8, UINT64_MAX), 0, u"18446744073709551615");
    writes_as(of(VT_EMPTY, 0), 0, u"");
    writes_as(of(VT_BOOL, 0xFFFF), 0, u"-1");
    writes_as(of(VT_BOOL, 0xFFFF), VARIANT_ALPHABOOL, u"True");
    writes_as(of(VT_BOOL, 0), VARIANT_ALPHABOOL, u"False");
    writes_as(real(0.25), 0, u"0.25");
}

static void an_interface_changes_by_query_interface(void **state)
{
    VARIANT v = of(VT_UNKNOWN, 0), null = of(VT_UNKNOWN, 0), got = of(VT_I4, 1);

    (void)state;
    v.punkVal = (IUnknown *)SHCreateMemStream(NULL, 0);
    assert_int_equal(VariantChangeType(&got, &v, 0, VT_DISPATCH), DISP_E_TYPEMISMATCH);
    assert_int_equal(got.vt, VT_I4);
    assert_int_equal(VariantChangeType(&got, &null, 0, VT_DISPATCH), S_OK);
    assert_int_equal(got.vt, VT_DISPATCH);
    assert_null(got.pdispVal);
    assert_int_equal(VariantChangeType(&got, &v, 0, VT_I4), DISP_E_TYPEMISMATCH);
    VariantClear(&v);
}

static void a_value_changes_in_place(void **state)
{
    VARIANT v = text(u"300");

    (void)state;
    assert_int_equal(VariantChangeType(&v, &v, 0, VT_I4), S_OK);
    assert_int_equal(v.lVal, 300);
    assert_int_equal(VariantChangeType(&v, &v, 0, VT_UI1), DISP_E_OVERFLOW);
    assert_int_equal(v.vt, VT_I4);
}

static HRESULT copy_and_change(void *context)
{
    VARIANT copy, number;
    HRESULT hr;

    VariantInit(&copy);
    VariantInit(&number);
    hr = VariantCopy(&copy, context);
    if (SUCCEEDED(hr))
        hr = VariantChangeType(&number, &copy, 0, VT_I4);
    if (SUCCEEDED(hr))
        hr = VariantChangeType(&number, &number, 0, VT_BSTR);
    VariantClear(&copy);
    VariantClear(&number);
    return hr;
}

static void each_allocation_may_fail(void **state)
{
    VARIANT v = text(u"12");

    (void)state;
    assert_int_equal(spy_fail_each(copy_and_change, &v, E_OUTOFMEMORY), 3);
    VariantClear(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_of_a_string_is_another_string),
        cmocka_unit_test(an_interface_is_counted),
        cmocka_unit_test(a_reference_owns_nothing),
        cmocka_unit_test(a_reference_to_a_variant_is_followed_once),
        cmocka_unit_test(a_type_that_is_none_is_refused_and_left_alone),
        cmocka_unit_test(a_locked_array_is_not_cleared),
        cmocka_unit_test(integers_change_within_their_limits),
        cmocka_unit_test(halves_round_to_the_even_neighbour),
        cmocka_unit_test(booleans_are_minus_one_and_zero),
        cmocka_unit_test(text_is_read_as_a_number),
        cmocka_unit_test(numbers_are_written_as_text),
        cmocka_unit_test(an_interface_changes_by_query_interface),
        cmocka_unit_test(a_value_changes_in_place),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

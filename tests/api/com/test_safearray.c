/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "spy.h"

static void a_vector_knows_its_type_bounds_and_size(void **state)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, -1, 3);
    LONG lower, upper;
    VARTYPE vt;

    (void)state;
    assert_int_equal(SafeArrayGetDim(array), 1);
    assert_int_equal(SafeArrayGetElemsize(array), sizeof(VARIANT));
    assert_int_equal(array->fFeatures, FADF_VARIANT | FADF_HAVEVARTYPE);
    assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
    assert_int_equal(vt, VT_VARIANT);
    assert_int_equal(SafeArrayGetLBound(array, 1, &lower), S_OK);
    assert_int_equal(SafeArrayGetUBound(array, 1, &upper), S_OK);
    assert_int_equal(lower, -1);
    assert_int_equal(upper, 1);
    assert_int_equal(SafeArrayGetLBound(array, 0, &lower), DISP_E_BADINDEX);
    assert_int_equal(SafeArrayGetUBound(array, 2, &upper), DISP_E_BADINDEX);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
}

static void an_empty_vector_ends_before_it_begins(void **state)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_I4, 0, 0);
    LONG upper, index = 0, value;

    (void)state;
    assert_int_equal(SafeArrayGetUBound(array, 1, &upper), S_OK);
    assert_int_equal(upper, -1);
    assert_int_equal(SafeArrayGetElement(array, &index, &value), DISP_E_BADINDEX);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
    assert_int_equal(SafeArrayDestroy(NULL), S_OK);
}

static void what_cannot_be_is_not_made(void **state)
{
    SAFEARRAYBOUND bounds[3] = {{65536, 0}, {65536, 0}, {65536, 0}};

    (void)state;
    assert_null(SafeArrayCreateVector(VT_EMPTY, 0, 1));
    assert_null(SafeArrayCreateVector(VT_BYREF | VT_I4, 0, 1));
    assert_null(SafeArrayCreateVector(VT_I4, 0, 0x40000000));
    assert_null(SafeArrayCreate(VT_UI1, 3, bounds));
    assert_null(SafeArrayCreate(VT_I4, 0, bounds));
    assert_null(SafeArrayCreate(VT_I4, 1, NULL));
}

static void elements_own_copies_of_their_strings(void **state)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, 2);
    BSTR in = SysAllocString(u"one"), out = NULL;
    LONG index = 1;

    (void)state;
    assert_int_equal(SafeArrayPutElement(array, &index, in), S_OK);
    assert_int_equal(SafeArrayPutElement(array, &index, in), S_OK); /* frees the first copy */
    SysFreeString(in);
    assert_int_equal(SafeArrayGetElement(array, &index, &out), S_OK);
    assert_memory_equal(out, u"one", 8);
    SysFreeString(out);
    index = 0;
    assert_int_equal(SafeArrayGetElement(array, &index, &out), S_OK);
    assert_null(out);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
}

static void elements_count_their_interfaces(void **state)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_UNKNOWN, 0, 1), *copy;
    IStream *stream = SHCreateMemStream(NULL, 0);
    LONG index = 0;

    (void)state;
    assert_int_equal(SafeArrayPutElement(array, &index, stream), S_OK);
    assert_int_equal(SafeArrayCopy(array, &copy), S_OK);
    assert_int_equal(stream->lpVtbl->AddRef(stream), 4);
    stream->lpVtbl->Release(stream);
    SafeArrayDestroy(array);
    SafeArrayDestroy(copy);
    assert_int_equal(stream->lpVtbl->Release(stream), 0);
}

static void numbers_are_put_by_address(void **state)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_I4, 0, 2);
    LONG index = 1, value = -7, *data;

    (void)state;
    assert_int_equal(SafeArrayPutElement(array, &index, &value), S_OK);
    assert_int_equal(SafeArrayPutElement(array, &index, NULL), E_INVALIDARG);
    assert_int_equal(SafeArrayAccessData(array, (void **)&data), S_OK);
    assert_int_equal(data[0], 0);
    assert_int_equal(data[1], -7);
    assert_int_equal(SafeArrayDestroy(array), DISP_E_ARRAYISLOCKED);
    assert_int_equal(SafeArrayUnaccessData(array), S_OK);
    assert_int_equal(SafeArrayUnaccessData(array), E_UNEXPECTED);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
}

static void the_leftmost_dimension_varies_fastest(void **state)
{
    SAFEARRAYBOUND bounds[2] = {{2, 10}, {3, 0}};
    SAFEARRAY *array = SafeArrayCreate(VT_UI1, 2, bounds);
    LONG at[2], lower;
    BYTE *data;

    (void)state;
    /* element (10 + i, j) holds ij: 00 10 | 01 11 | 02 12 */
    for (LONG i = 0; i < 2; i++) {
        for (LONG j = 0; j < 3; j++) {
            BYTE value = (BYTE)(i << 4 | j);

            at[0] = 10 + i;
            at[1] = j;
            assert_int_equal(SafeArrayPutElement(array, at, &value), S_OK);
        }
    }
    SafeArrayAccessData(array, (void **)&data);
    assert_memory_equal(data, "\x00\x10\x01\x11\x02\x12", 6);
    SafeArrayUnaccessData(array);
    assert_int_equal(SafeArrayGetLBound(array, 1, &lower), S_OK);
    assert_int_equal(lower, 10);
    assert_int_equal(array->rgsabound[0].cElements, 3); /* the rightmost first */
    at[0] = 12;
    assert_int_equal(SafeArrayGetElement(array, at, data), DISP_E_BADINDEX);
    SafeArrayDestroy(array);
}

static SAFEARRAY *three_strings(void)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, 0, 3);

    for (LONG i = 0; i < 3; i++) {
        VARIANT v;

        VariantInit(&v);
        v.vt = VT_BSTR;
        v.bstrVal = SysAllocString(u"s");
        assert_int_equal(SafeArrayPutElement(array, &i, &v), S_OK);
        VariantClear(&v);
    }
    return array;
}

static HRESULT copy_array(void *context)
{
    SAFEARRAY *copy;
    HRESULT hr = SafeArrayCopy(context, &copy);

    if (FAILED(hr))
        assert_null(copy);
    else
        SafeArrayDestroy(copy);
    return hr;
}

static void a_copy_without_memory_leaves_nothing_behind(void **state)
{
    SAFEARRAY *array = three_strings();

    (void)state;
    /* descriptor, data, three strings */
    assert_int_equal(spy_fail_each(copy_array, array, E_OUTOFMEMORY), 5);
    SafeArrayDestroy(array);
}

static void a_put_without_memory_keeps_the_old_element(void **state)
{
    SAFEARRAY *array = three_strings();
    VARIANT v, got;
    LONG index = 0;
    struct spy spy;

    (void)state;
    VariantInit(&v);
    VariantInit(&got);
    v.vt = VT_BSTR;
    v.bstrVal = SysAllocString(u"new");
    spy_start(&spy, 1);
    assert_int_equal(SafeArrayPutElement(array, &index, &v), E_OUTOFMEMORY);
    spy_stop(&spy);
    assert_int_equal(SafeArrayGetElement(array, &index, &got), S_OK);
    assert_memory_equal(got.bstrVal, u"s", 4);
    VariantClear(&v);
    VariantClear(&got);
    SafeArrayDestroy(array);
}

static HRESULT create_array(void *context)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_I4, 0, 3);

    (void)context;
    SafeArrayDestroy(array);
    return array ? S_OK : E_OUTOFMEMORY;
}

static void a_vector_without_memory_is_none(void **state)
{
    (void)state;
    assert_int_equal(spy_fail_each(create_array, NULL, E_OUTOFMEMORY), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vector_knows_its_type_bounds_and_size),
        cmocka_unit_test(an_empty_vector_ends_before_it_begins),
        cmocka_unit_test(what_cannot_be_is_not_made),
        cmocka_unit_test(elements_own_copies_of_their_strings),
        cmocka_unit_test(elements_count_their_interfaces),
        cmocka_unit_test(numbers_are_put_by_address),
        cmocka_unit_test(the_leftmost_dimension_varies_fastest),
        cmocka_unit_test(a_copy_without_memory_leaves_nothing_behind),
        cmocka_unit_test(a_put_without_memory_keeps_the_old_element),
        cmocka_unit_test(a_vector_without_memory_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Late binding through the gadget: each type in and out, every refusal, success codes. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "gadget.h"
#include "imapi2error.h"
#include "spy.h"

static int setup(void **state)
{
    *state = gadget_new();
    return *state == NULL;
}

static int teardown(void **state)
{
    IDispatch *dispatch = gadget_dispatch(*state);

    assert_int_equal(dispatch->lpVtbl->Release(dispatch), 0);
    return 0;
}

static VARIANT i4(LONG value)
{
    VARIANT v = {.vt = VT_I4};

    v.lVal = value;
    return v;
}

static VARIANT text(const OLECHAR *s)
{
    VARIANT v = {.vt = VT_BSTR};

    v.bstrVal = SysAllocString(s);
    return v;
}

static VARIANT object(void *interface_pointer, VARTYPE vt)
{
    VARIANT v = {.vt = vt};

    v.punkVal = interface_pointer;
    return v;
}

/* Invoke with arguments in the order of the declaration; *bad is preset to 99. */
static HRESULT invoke(void **state, DISPID id, WORD flags, const VARIANT *args, UINT count,
                      VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    IDispatch *dispatch = gadget_dispatch(*state);
    DISPID put = DISPID_PROPERTYPUT;
    BOOL puts = (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;
    VARIANT reversed[8];
    DISPPARAMS params = {reversed, puts ? &put : NULL, count, puts ? 1 : 0};

    for (UINT i = 0; i < count; i++)
        reversed[i] = args[count - 1 - i];
    if (bad)
        *bad = 99;
    return dispatch->lpVtbl->Invoke(dispatch, id, &IID_NULL, LOCALE_USER_DEFAULT, flags, &params,
                                    result, exception, bad);
}

static HRESULT put(void **state, DISPID id, VARIANT value)
{
    HRESULT hr = invoke(state, id, DISPATCH_PROPERTYPUT, &value, 1, NULL, NULL, NULL);

    VariantClear(&value);
    return hr;
}

static VARIANT get(void **state, DISPID id)
{
    VARIANT v = {.vt = 0x5555};

    assert_int_equal(invoke(state, id, DISPATCH_PROPERTYGET, NULL, 0, &v, NULL, NULL), S_OK);
    return v;
}

/* -- Names */

static HRESULT name_of(void **state, const OLECHAR *name, DISPID *id)
{
    IDispatch *dispatch = gadget_dispatch(*state);
    LPOLESTR names[1] = {(LPOLESTR)(uintptr_t)name};

    return dispatch->lpVtbl->GetIDsOfNames(dispatch, &IID_NULL, names, 1, 0, id);
}

static void names_are_found_in_any_case_and_in_the_base(void **state)
{
    DISPID id;

    assert_int_equal(name_of(state, u"Name", &id), S_OK);
    assert_int_equal(id, 0x21);
    assert_int_equal(name_of(state, u"nAmE", &id), S_OK);
    assert_int_equal(id, 0x21);
    assert_int_equal(name_of(state, u"ping", &id), S_OK);
    assert_int_equal(id, 0x10);
    assert_int_equal(name_of(state, u"Item", &id), S_OK);
    assert_int_equal(id, DISPID_VALUE);
}

static void an_unknown_name_has_the_unknown_id(void **state)
{
    DISPID id = 0;

    assert_int_equal(name_of(state, u"get_Name", &id), DISP_E_UNKNOWNNAME);
    assert_int_equal(id, DISPID_UNKNOWN);
    assert_int_equal(name_of(state, u"", &id), DISP_E_UNKNOWNNAME);
    assert_int_equal(name_of(state, u"\x014Eame", &id), DISP_E_UNKNOWNNAME); /* no narrowing to N */
}

static void parameters_have_their_places_as_ids(void **state)
{
    IDispatch *dispatch = gadget_dispatch(*state);
    OLECHAR add[] = u"Add", right[] = u"RIGHT", left[] = u"left", none[] = u"middle";
    LPOLESTR names[3] = {add, right, left}, wrong[2] = {add, none};
    DISPID ids[3];

    assert_int_equal(dispatch->lpVtbl->GetIDsOfNames(dispatch, &IID_NULL, names, 3, 0, ids), S_OK);
    assert_int_equal(ids[0], 0x20);
    assert_int_equal(ids[1], 1);
    assert_int_equal(ids[2], 0);
    assert_int_equal(dispatch->lpVtbl->GetIDsOfNames(dispatch, &IID_NULL, wrong, 2, 0, ids),
                     DISP_E_UNKNOWNNAME);
    assert_int_equal(ids[0], 0x20);
    assert_int_equal(ids[1], DISPID_UNKNOWN);
    assert_int_equal(dispatch->lpVtbl->GetIDsOfNames(dispatch, &IID_IUnknown, names, 1, 0, ids),
                     DISP_E_UNKNOWNINTERFACE);
}

static void there_is_no_type_information(void **state)
{
    IDispatch *dispatch = gadget_dispatch(*state);
    ITypeInfo *info = (ITypeInfo *)1;
    UINT count = 99;

    assert_int_equal(dispatch->lpVtbl->GetTypeInfoCount(dispatch, &count), S_OK);
    assert_int_equal(count, 0);
    assert_int_equal(dispatch->lpVtbl->GetTypeInfoCount(dispatch, NULL), E_POINTER);
    assert_int_equal(dispatch->lpVtbl->GetTypeInfo(dispatch, 0, 0, &info), DISP_E_BADINDEX);
    assert_null(info);
}

/* -- Types */

static void numbers_of_both_widths_go_in_and_out(void **state)
{
    VARIANT args[2] = {i4(-100000), i4(-5)}, result;

    assert_int_equal(invoke(state, 0x20, DISPATCH_METHOD, args, 2, &result, NULL, NULL), S_OK);
    assert_int_equal(result.vt, VT_I4);
    assert_int_equal(result.lVal, -100005);
}

static void text_goes_in_and_out(void **state)
{
    VARIANT v;

    assert_int_equal(put(state, 0x21, text(u"First Burner 1.0")), S_OK);
    v = get(state, 0x21);
    assert_int_equal(v.vt, VT_BSTR);
    assert_memory_equal(v.bstrVal, u"First Burner 1.0", 34);
    VariantClear(&v);
    assert_int_equal(put(state, 0x21, i4(12)), S_OK); /* a number becomes text */
    v = get(state, 0x21);
    assert_memory_equal(v.bstrVal, u"12", 6);
    VariantClear(&v);
}

/* A client's BSTR reaches the method unit for unit: embedded NUL, NULL, and odd byte length. */
static void a_bstr_is_not_reread_on_its_way(void **state)
{
    struct gadget *gadget = *state;
    VARIANT nul = {.vt = VT_BSTR}, null = {.vt = VT_BSTR};

    nul.bstrVal = SysAllocStringLen(u"a\0b", 3);
    assert_int_equal(put(state, 0x21, nul), S_OK);
    assert_int_equal(SysStringLen(gadget->name), 3);
    assert_memory_equal(gadget->name, u"a\0b", 8);
    assert_int_equal(put(state, 0x21, null), S_OK);
    assert_int_equal(SysStringLen(gadget->name), 0);
}

static void booleans_and_enums_go_in_and_out(void **state)
{
    VARIANT on = {.vt = VT_BOOL}, v;

    on.boolVal = VARIANT_TRUE;
    assert_int_equal(put(state, 0x22, on), S_OK);
    v = get(state, 0x22);
    assert_int_equal(v.vt, VT_BOOL);
    assert_int_equal(v.boolVal, VARIANT_TRUE);
    assert_int_equal(put(state, 0x22, text(u"False")), S_OK);
    assert_int_equal(get(state, 0x22).boolVal, VARIANT_FALSE);
    assert_int_equal(put(state, 0x23, i4(GADGET_MODE_ON)), S_OK);
    v = get(state, 0x23);
    assert_int_equal(v.vt, VT_I4);
    assert_int_equal(v.lVal, GADGET_MODE_ON);
}

static void an_interface_is_asked_for_what_the_method_takes(void **state)
{
    struct gadget *other = gadget_new(), *self = *state;
    VARIANT arg = object(gadget_dispatch(other), VT_DISPATCH), v;

    assert_int_equal(invoke(state, 0x24, DISPATCH_PROPERTYPUT, &arg, 1, NULL, NULL, NULL), S_OK);
    assert_ptr_equal(self->other, gadget_face(other));
    v = get(state, 0x24);
    assert_int_equal(v.vt, VT_DISPATCH);
    assert_ptr_equal(v.pdispVal, gadget_dispatch(other));
    VariantClear(&v);
    VariantClear(&arg); /* our own reference */
    gadget_destroyed = 0;
    assert_int_equal(put(state, 0x24, object(NULL, VT_DISPATCH)), S_OK);
    assert_int_equal(gadget_destroyed, 1);
}

static void nothing_as_an_interface_is_null(void **state)
{
    struct gadget *self = *state, *other = gadget_new();
    VARIANT nothing = {.vt = VT_EMPTY}, null = {.vt = VT_NULL};

    assert_int_equal(put(state, 0x24, object(gadget_dispatch(other), VT_DISPATCH)), S_OK);
    assert_int_equal(put(state, 0x24, nothing), S_OK);
    assert_null(self->other);
    assert_int_equal(put(state, 0x24, null), S_OK);
    assert_int_equal(put(state, 0x24, object(NULL, VT_UNKNOWN)), S_OK);
}

static void a_put_by_reference_is_a_put_of_an_interface(void **state)
{
    struct gadget *self = *state;
    VARIANT arg = object(gadget_dispatch(self), VT_DISPATCH), number = i4(1);

    assert_int_equal(invoke(state, 0x24, DISPATCH_PROPERTYPUTREF, &arg, 1, NULL, NULL, NULL), S_OK);
    assert_ptr_equal(self->other, gadget_face(self));
    assert_int_equal(put(state, 0x24, object(NULL, VT_DISPATCH)), S_OK);
    assert_int_equal(invoke(state, 0x23, DISPATCH_PROPERTYPUTREF, &number, 1, NULL, NULL, NULL),
                     DISP_E_MEMBERNOTFOUND);
}

static void a_stream_goes_in_as_unknown_and_comes_out(void **state)
{
    VARIANT arg = object(SHCreateMemStream((const BYTE *)"0123456789abcdefXX", 18), VT_UNKNOWN);
    VARIANT result;

    assert_int_equal(invoke(state, 0x25, DISPATCH_METHOD, &arg, 1, &result, NULL, NULL), S_OK);
    assert_int_equal(result.vt, VT_UI4);
    assert_int_equal(result.ulVal, 16);
    VariantClear(&arg);
    result = get(state, 0x29);
    assert_int_equal(result.vt, VT_UNKNOWN);
    VariantClear(&result);
}

static void arrays_go_in_and_out(void **state)
{
    VARIANT args[2] = {get(state, 0x26), i4(40)}, result;
    VARIANT *data = args[0].parray->pvData;

    assert_int_equal(args[0].vt, VT_ARRAY | VT_VARIANT);
    assert_int_equal(data[1].lVal, 22);
    assert_int_equal(invoke(state, 0x27, DISPATCH_METHOD, args, 2, &result, NULL, NULL), S_OK);
    assert_int_equal(result.ulVal, 42);
    VariantClear(&args[0]);
}

static void references_are_followed(void **state)
{
    LONG left = 30;
    SHORT right = 12;
    VARIANT inner = {.vt = VT_BYREF | VT_I2}, args[2], result;

    args[0] = (VARIANT){.vt = VT_BYREF | VT_I4};
    args[0].plVal = &left;
    inner.piVal = &right;
    args[1] = (VARIANT){.vt = VT_BYREF | VT_VARIANT};
    args[1].pvarVal = &inner;
    assert_int_equal(invoke(state, 0x20, DISPATCH_METHOD, args, 2, &result, NULL, NULL), S_OK);
    assert_int_equal(result.lVal, 42);
}

static void a_property_may_take_an_index(void **state)
{
    VARIANT index = i4(3), result;

    /* as VBScript calls it, which cannot know what it is */
    assert_int_equal(invoke(state, DISPID_VALUE, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &index, 1,
                            &result, NULL, NULL),
                     S_OK);
    assert_memory_equal(result.bstrVal, u"d", 4);
    VariantClear(&result);
}

static void arguments_may_be_named(void **state)
{
    IDispatch *dispatch = gadget_dispatch(*state);
    VARIANT args[2] = {i4(2), i4(40)}, result;
    DISPID named[2] = {1, 0}, twice[2] = {0, 0};
    DISPPARAMS both = {args, named, 2, 2}, one = {args, named, 2, 1};
    DISPPARAMS missing = {args, named, 1, 1}, doubled = {args, twice, 2, 2};
    UINT bad = 99;

    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x20, &IID_NULL, 0, DISPATCH_METHOD, &both,
                                              &result, NULL, NULL),
                     S_OK);
    assert_int_equal(result.lVal, 42);
    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x20, &IID_NULL, 0, DISPATCH_METHOD, &one,
                                              &result, NULL, NULL),
                     S_OK);
    assert_int_equal(result.lVal, 42);
    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x20, &IID_NULL, 0, DISPATCH_METHOD,
                                              &missing, &result, NULL, NULL),
                     DISP_E_PARAMNOTOPTIONAL);
    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x20, &IID_NULL, 0, DISPATCH_METHOD,
                                              &doubled, &result, NULL, &bad),
                     DISP_E_PARAMNOTFOUND);
    assert_int_equal(bad, 1);
}

/* -- Refusals: none of them reaches a method */

static void a_member_that_is_not_there_is_not_found(void **state)
{
    VARIANT result = i4(5);

    assert_int_equal(invoke(state, 0x99, DISPATCH_METHOD, NULL, 0, &result, NULL, NULL),
                     DISP_E_MEMBERNOTFOUND);
    assert_int_equal(result.vt, VT_EMPTY);
    /* Parts cannot be put, Reset cannot be got */
    assert_int_equal(put(state, 0x26, i4(1)), DISP_E_MEMBERNOTFOUND);
    assert_int_equal(invoke(state, 0x2A, DISPATCH_PROPERTYGET, NULL, 0, &result, NULL, NULL),
                     DISP_E_MEMBERNOTFOUND);
    assert_int_equal(((struct gadget *)*state)->calls, 0);
}

static void the_wrong_count_of_arguments_is_refused(void **state)
{
    VARIANT args[3] = {i4(1), i4(2), i4(3)}, result;

    assert_int_equal(invoke(state, 0x20, DISPATCH_METHOD, args, 1, &result, NULL, NULL),
                     DISP_E_BADPARAMCOUNT);
    assert_int_equal(invoke(state, 0x20, DISPATCH_METHOD, args, 3, &result, NULL, NULL),
                     DISP_E_BADPARAMCOUNT);
    assert_int_equal(invoke(state, 0x2A, DISPATCH_METHOD, args, 1, &result, NULL, NULL),
                     DISP_E_BADPARAMCOUNT);
    assert_int_equal(((struct gadget *)*state)->calls, 0);
}

static void a_bad_argument_is_pointed_at(void **state)
{
    struct gadget *self = *state;
    VARIANT args[2] = {i4(1), i4(40000)}, stream;
    UINT bad;

    /* rgvarg[0] is the last argument: 40000 is no SHORT */
    assert_int_equal(invoke(state, 0x20, DISPATCH_METHOD, args, 2, NULL, NULL, &bad),
                     DISP_E_OVERFLOW);
    assert_int_equal(bad, 0);
    args[0] = text(u"many");
    assert_int_equal(invoke(state, 0x20, DISPATCH_METHOD, args, 2, NULL, NULL, &bad),
                     DISP_E_TYPEMISMATCH);
    assert_int_equal(bad, 1);
    VariantClear(&args[0]);
    stream = object(SHCreateMemStream(NULL, 0), VT_UNKNOWN); /* no IGadget */
    assert_int_equal(invoke(state, 0x24, DISPATCH_PROPERTYPUT, &stream, 1, NULL, NULL, &bad),
                     DISP_E_TYPEMISMATCH);
    assert_int_equal(bad, 0);
    VariantClear(&stream);
    args[0] = i4(5);
    assert_int_equal(invoke(state, 0x27, DISPATCH_METHOD, args, 2, NULL, NULL, &bad),
                     DISP_E_TYPEMISMATCH); /* 5 is no array */
    assert_int_equal(bad, 1);
    assert_int_equal(put(state, 0x23, text(u"on")), DISP_E_TYPEMISMATCH);
    assert_int_equal(self->calls, 0);
}

static void a_malformed_call_is_refused(void **state)
{
    IDispatch *dispatch = gadget_dispatch(*state);
    DISPPARAMS no_array = {NULL, NULL, 1, 0}, too_many_names = {NULL, NULL, 0, 1};

    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x2A, &IID_IDispatch, 0, DISPATCH_METHOD,
                                              NULL, NULL, NULL, NULL),
                     DISP_E_UNKNOWNINTERFACE);
    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x2A, &IID_NULL, 0, DISPATCH_METHOD,
                                              &no_array, NULL, NULL, NULL),
                     E_INVALIDARG);
    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x2A, &IID_NULL, 0, DISPATCH_METHOD,
                                              &too_many_names, NULL, NULL, NULL),
                     E_INVALIDARG);
    assert_int_equal(dispatch->lpVtbl->Invoke(dispatch, 0x2A, &IID_NULL, 0, DISPATCH_METHOD, NULL,
                                              NULL, NULL, NULL),
                     S_OK); /* no arguments at all may be no DISPPARAMS */
}

/* -- What a method returns */

static void a_failure_is_an_exception_with_the_code(void **state)
{
    VARIANT code = i4(E_IMAPI_DF2TAO_MEDIA_IS_PREPARED), result = i4(5);
    EXCEPINFO exception;

    memset(&exception, 0x55, sizeof(exception));
    assert_int_equal(invoke(state, 0x28, DISPATCH_METHOD, &code, 1, &result, &exception, NULL),
                     DISP_E_EXCEPTION);
    assert_int_equal(exception.scode, E_IMAPI_DF2TAO_MEDIA_IS_PREPARED);
    assert_int_equal(exception.wCode, 0);
    assert_null(exception.bstrDescription);
    assert_null(exception.pfnDeferredFillIn);
    assert_int_equal(result.vt, VT_EMPTY);
}

static void without_room_for_an_exception_the_code_itself_returns(void **state)
{
    VARIANT code = i4(E_IMAPI_DF2TAO_MEDIA_IS_PREPARED);

    assert_int_equal(invoke(state, 0x28, DISPATCH_METHOD, &code, 1, NULL, NULL, NULL),
                     E_IMAPI_DF2TAO_MEDIA_IS_PREPARED);
}

static void a_success_code_is_kept_and_so_is_the_value(void **state)
{
    static const HRESULT codes[] = {S_OK, S_FALSE, S_IMAPI_SPEEDADJUSTED};

    for (size_t i = 0; i < 3; i++) {
        VARIANT code = i4(codes[i]), result;
        EXCEPINFO exception;

        assert_int_equal(invoke(state, 0x28, DISPATCH_METHOD, &code, 1, &result, &exception, NULL),
                         codes[i]);
        assert_int_equal(exception.scode, 0);
        assert_memory_equal(result.bstrVal, u"done", 10);
        VariantClear(&result);
    }
}

static HRESULT use_everything(void *context)
{
    void **state = context;
    struct gadget *self = *state;
    VARIANT arg = {.vt = VT_BSTR}, result, item = i4(1);
    HRESULT hr;

    arg.bstrVal = SysAllocString(u"12");
    if (!arg.bstrVal)
        return E_OUTOFMEMORY;
    hr = invoke(state, 0x21, DISPATCH_PROPERTYPUT, &arg, 1, NULL, NULL, NULL);
    if (SUCCEEDED(hr))
        hr = invoke(state, DISPID_VALUE, DISPATCH_PROPERTYGET, &item, 1, &result, NULL, NULL);
    if (SUCCEEDED(hr)) {
        VariantClear(&result);
        hr = invoke(state, 0x26, DISPATCH_PROPERTYGET, NULL, 0, NULL, NULL, NULL);
    }
    VariantClear(&arg);
    SysFreeString(self->name);
    self->name = NULL;
    return hr;
}

static void each_allocation_may_fail(void **state)
{
    /* argument, copied twice, and the name; the item; the array and its data, which nobody wants */
    assert_int_equal(spy_fail_each(use_everything, state, E_OUTOFMEMORY), 7);
}

/* -- The object itself */

static void every_interface_leads_to_every_other_and_to_one_identity(void **state)
{
    struct gadget *self = *state;
    IGadget *gadget = gadget_face(self);
    IConnectionPointContainer *container;
    IUnknown *first, *second;

    assert_int_equal(
        gadget->lpVtbl->QueryInterface(gadget, &IID_IConnectionPointContainer, (void **)&container),
        S_OK);
    assert_int_equal(container->lpVtbl->QueryInterface(container, &IID_IUnknown, (void **)&first),
                     S_OK);
    assert_int_equal(gadget->lpVtbl->QueryInterface(gadget, &IID_IUnknown, (void **)&second), S_OK);
    assert_ptr_equal(first, second);
    assert_int_equal(gadget->lpVtbl->QueryInterface(gadget, &IID_IStream, (void **)&second),
                     E_NOINTERFACE);
    assert_null(second);
    assert_int_equal(gadget->lpVtbl->QueryInterface(gadget, &IID_IUnknown, NULL), E_POINTER);
    first->lpVtbl->Release(first);
    first->lpVtbl->Release(first);
    container->lpVtbl->Release(container);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_found_in_any_case_and_in_the_base),
        TEST(an_unknown_name_has_the_unknown_id),
        TEST(parameters_have_their_places_as_ids),
        TEST(there_is_no_type_information),
        TEST(numbers_of_both_widths_go_in_and_out),
        TEST(text_goes_in_and_out),
        TEST(a_bstr_is_not_reread_on_its_way),
        TEST(booleans_and_enums_go_in_and_out),
        TEST(an_interface_is_asked_for_what_the_method_takes),
        TEST(nothing_as_an_interface_is_null),
        TEST(a_put_by_reference_is_a_put_of_an_interface),
        TEST(a_stream_goes_in_as_unknown_and_comes_out),
        TEST(arrays_go_in_and_out),
        TEST(references_are_followed),
        TEST(a_property_may_take_an_index),
        TEST(arguments_may_be_named),
        TEST(a_member_that_is_not_there_is_not_found),
        TEST(the_wrong_count_of_arguments_is_refused),
        TEST(a_bad_argument_is_pointed_at),
        TEST(a_malformed_call_is_refused),
        TEST(a_failure_is_an_exception_with_the_code),
        TEST(without_room_for_an_exception_the_code_itself_returns),
        TEST(a_success_code_is_kept_and_so_is_the_value),
        TEST(each_allocation_may_fail),
        TEST(every_interface_leads_to_every_other_and_to_one_identity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <pthread.h>
#include <cmocka.h>
#include "classes.h"
#include "spy.h"

static int init(void **state)
{
    (void)state;
    return CoInitializeEx(NULL, COINIT_MULTITHREADED) != S_OK;
}

static int uninit(void **state)
{
    (void)state;
    CoUninitialize();
    return 0;
}

static void a_class_of_the_table_is_created(void **state)
{
    IStream *stream = NULL;

    (void)state;
    assert_int_equal(CoCreateInstance(&CLSID_TestStream, NULL, CLSCTX_INPROC_SERVER, &IID_IStream,
                                      (void **)&stream),
                     S_OK);
    assert_int_equal(stream->lpVtbl->Release(stream), 0);
    assert_int_equal(
        CoCreateInstance(&CLSID_TestStream, NULL, CLSCTX_ALL, &IID_IUnknown, (void **)&stream),
        S_OK);
    stream->lpVtbl->Release(stream);
}

static void what_cannot_be_created_gives_null_and_the_reason(void **state)
{
    IStream *stream = (IStream *)1;

    (void)state;
    assert_int_equal(CoCreateInstance(&CLSID_MsftDiscFormat2RawCD, NULL, CLSCTX_ALL, &IID_IUnknown,
                                      (void **)&stream),
                     REGDB_E_CLASSNOTREG);
    assert_null(stream);
    assert_int_equal(CoCreateInstance(&CLSID_TestStream, NULL, CLSCTX_LOCAL_SERVER, &IID_IUnknown,
                                      (void **)&stream),
                     REGDB_E_CLASSNOTREG);
    assert_int_equal(
        CoCreateInstance(&CLSID_TestStream, NULL, CLSCTX_ALL, &IID_IDispatch, (void **)&stream),
        E_NOINTERFACE);
    assert_null(stream);
    assert_int_equal(CoCreateInstance(&CLSID_TestStream, (IUnknown *)state, CLSCTX_ALL,
                                      &IID_IUnknown, (void **)&stream),
                     CLASS_E_NOAGGREGATION);
    assert_int_equal(CoCreateInstance(&CLSID_TestStream, NULL, CLSCTX_ALL, &IID_IUnknown, NULL),
                     E_POINTER);
}

static void a_class_object_creates_too(void **state)
{
    IClassFactory *factory = NULL;
    IStream *stream = NULL;

    (void)state;
    assert_int_equal(CoGetClassObject(&CLSID_TestStream, CLSCTX_INPROC_SERVER, NULL,
                                      &IID_IClassFactory, (void **)&factory),
                     S_OK);
    assert_int_equal(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
    assert_int_equal(factory->lpVtbl->CreateInstance(factory, NULL, &IID_IStream, (void **)&stream),
                     S_OK);
    stream->lpVtbl->Release(stream);
    assert_int_equal(factory->lpVtbl->CreateInstance(factory, (IUnknown *)factory, &IID_IUnknown,
                                                     (void **)&stream),
                     CLASS_E_NOAGGREGATION);
    assert_null(stream);
    assert_int_equal(factory->lpVtbl->Release(factory), 0);
    assert_int_equal(CoGetClassObject(&CLSID_TestStream, CLSCTX_INPROC_SERVER, NULL, &IID_IStream,
                                      (void **)&factory),
                     E_NOINTERFACE);
    assert_null(factory);
}

static void a_progid_names_its_class_in_any_case(void **state)
{
    CLSID clsid;
    LPOLESTR progid;

    (void)state;
    assert_int_equal(CLSIDFromProgID(u"vcdr.TESTstream", &clsid), S_OK);
    assert_true(IsEqualCLSID(&clsid, &CLSID_TestStream));
    assert_int_equal(CLSIDFromProgID(u"Vcdr.TestStream.1", &clsid), CO_E_CLASSSTRING);
    assert_true(IsEqualCLSID(&clsid, &CLSID_NULL));
    assert_int_equal(ProgIDFromCLSID(&CLSID_TestStream, &progid), S_OK);
    assert_memory_equal(progid, u"Vcdr.TestStream", 32);
    CoTaskMemFree(progid);
    assert_int_equal(ProgIDFromCLSID(&CLSID_NULL, &progid), REGDB_E_CLASSNOTREG);
    assert_null(progid);
}

static void a_guid_is_read_and_written_as_text(void **state)
{
    static const OLECHAR text[] = u"{1E57C0DE-0001-0002-A0B1-C2D3E4F50617}";
    OLECHAR out[39];
    LPOLESTR allocated;
    CLSID clsid;

    (void)state;
    assert_int_equal(CLSIDFromString(text, &clsid), S_OK);
    assert_true(IsEqualCLSID(&clsid, &CLSID_TestStream));
    assert_int_equal(CLSIDFromString(u"{1e57c0de-0001-0002-a0b1-c2d3e4f50617}", &clsid), S_OK);
    assert_true(IsEqualCLSID(&clsid, &CLSID_TestStream));
    assert_int_equal(StringFromGUID2(&clsid, out, 39), 39);
    assert_memory_equal(out, text, sizeof(text));
    assert_int_equal(StringFromGUID2(&clsid, out, 38), 0);
    assert_int_equal(StringFromCLSID(&clsid, &allocated), S_OK);
    assert_memory_equal(allocated, text, sizeof(text));
    CoTaskMemFree(allocated);
}

static void text_that_is_no_guid_is_refused(void **state)
{
    static const OLECHAR *const bad[] = {
        u"{1E57C0DE-0001-0002-A0B1-C2D3E4F50617",   /* not closed */
        u"{1E57C0DE-0001-0002-A0B1-C2D3E4F50617} ", /* goes on */
        u"{1E57C0DG-0001-0002-A0B1-C2D3E4F50617}",  /* G */
        u"{1E57C0DE00010002A0B1C2D3E4F50617}",      u"{",
    };
    GUID guid;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(CLSIDFromString(bad[i], &guid), CO_E_CLASSSTRING);
        assert_int_equal(IIDFromString(bad[i], &guid), CO_E_IIDSTRING);
    }
    assert_int_equal(IIDFromString(u"Vcdr.TestStream", &guid), E_INVALIDARG);
    assert_int_equal(CLSIDFromString(u"Vcdr.TestStream", &guid), S_OK);
    assert_true(IsEqualCLSID(&guid, &CLSID_TestStream));
    assert_int_equal(CLSIDFromString(NULL, &guid), S_OK);
    assert_true(IsEqualGUID(&guid, &GUID_NULL));
}

static HRESULT create_through_factory(void *context)
{
    IClassFactory *factory;
    IStream *stream = NULL;
    HRESULT hr = CoGetClassObject(&CLSID_TestStream, CLSCTX_ALL, NULL, &IID_IClassFactory,
                                  (void **)&factory);

    (void)context;
    if (FAILED(hr))
        return hr;
    hr = factory->lpVtbl->CreateInstance(factory, NULL, &IID_IStream, (void **)&stream);
    factory->lpVtbl->Release(factory);
    if (SUCCEEDED(hr))
        stream->lpVtbl->Release(stream);
    return hr;
}

static HRESULT write_names(void *context)
{
    LPOLESTR text;
    HRESULT hr = ProgIDFromCLSID(&CLSID_TestStream, &text);

    (void)context;
    CoTaskMemFree(text);
    if (SUCCEEDED(hr))
        hr = StringFromCLSID(&CLSID_TestStream, &text);
    CoTaskMemFree(text);
    return hr;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    assert_int_equal(spy_fail_each(create_through_factory, NULL, E_OUTOFMEMORY), 3);
    assert_int_equal(spy_fail_each(write_names, NULL, E_OUTOFMEMORY), 2);
}

/* -- Apartments: each on a thread of its own, which begins without one */

static void on_a_new_thread(void *(*body)(void *))
{
    pthread_t thread;
    void *bad;

    assert_int_equal(pthread_create(&thread, NULL, body, NULL), 0);
    assert_int_equal(pthread_join(thread, &bad), 0);
    assert_null(bad); /* the text of what went wrong */
}
#define EXPECT(call, value)                                                                        \
    do {                                                                                           \
        if ((call) != (value))                                                                     \
            return (void *)(uintptr_t) #call;                                                      \
    } while (0)

static HRESULT create(void)
{
    IUnknown *unknown;
    HRESULT hr =
        CoCreateInstance(&CLSID_TestStream, NULL, CLSCTX_ALL, &IID_IUnknown, (void **)&unknown);

    if (SUCCEEDED(hr))
        unknown->lpVtbl->Release(unknown);
    return hr;
}

static void *counts(void *context)
{
    (void)context;
    CoUninitialize(); /* too many: nothing happens */
    EXPECT(create(), CO_E_NOTINITIALIZED);
    EXPECT(CoInitialize(NULL), S_OK);
    EXPECT(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE), S_FALSE);
    EXPECT(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
    EXPECT(CoInitializeEx(NULL, 0x40), E_INVALIDARG);
    EXPECT(CoInitialize(counts), E_INVALIDARG);
    CoUninitialize();
    EXPECT(create(), S_OK);
    CoUninitialize();
    EXPECT(create(), CO_E_NOTINITIALIZED);
    return NULL;
}

static void initializing_is_counted_for_each_thread(void **state)
{
    (void)state;
    on_a_new_thread(counts);
}

static void *guest(void *context)
{
    (void)context;
    EXPECT(create(), S_OK);
    return NULL;
}

static void a_thread_is_a_guest_of_anothers_multithreaded_apartment(void **state)
{
    (void)state;
    assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    on_a_new_thread(guest);
    CoUninitialize();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_class_of_the_table_is_created, init, uninit),
        cmocka_unit_test_setup_teardown(what_cannot_be_created_gives_null_and_the_reason, init,
                                        uninit),
        cmocka_unit_test_setup_teardown(a_class_object_creates_too, init, uninit),
        cmocka_unit_test(a_progid_names_its_class_in_any_case),
        cmocka_unit_test(a_guid_is_read_and_written_as_text),
        cmocka_unit_test(text_that_is_no_guid_is_refused),
        cmocka_unit_test_setup_teardown(each_allocation_may_fail, init, uninit),
        cmocka_unit_test(initializing_is_counted_for_each_thread),
        cmocka_unit_test(a_thread_is_a_guest_of_anothers_multithreaded_apartment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

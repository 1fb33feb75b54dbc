/* SPDX-License-Identifier: MIT */
/* The same objects from C++: its classes have the vtables that C fills and calls. */
#include <cstdarg>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
extern "C" {
#include <cmocka.h>
}
#include <imapi2.h>
#include <imapi2_linux.h>
#include <imapi2error.h>

#include "calls_from_c.h"

/* A C++ sink, as a program writes it. */
class Sink : public IDispatch
{
  public:
    ULONG refs = 1;
    DISPID id = 0;
    HRESULT QueryInterface(REFIID riid, void **ppv) override
    {
        bool known = riid == IID_IUnknown || riid == IID_IDispatch;

        *ppv = known ? this : nullptr;
        if (known)
            AddRef();
        return known ? S_OK : E_NOINTERFACE;
    }
    ULONG AddRef() override
    {
        return ++refs;
    }
    ULONG Release() override
    {
        return --refs;
    }
    HRESULT GetTypeInfoCount(UINT *count) override
    {
        *count = 0;
        return S_OK;
    }
    HRESULT GetTypeInfo(UINT, LCID, ITypeInfo **) override
    {
        return E_NOTIMPL;
    }
    HRESULT GetIDsOfNames(REFIID, LPOLESTR *, UINT, LCID, DISPID *) override
    {
        return DISP_E_UNKNOWNNAME;
    }
    HRESULT Invoke(DISPID member, REFIID riid, LCID, WORD, DISPPARAMS *, VARIANT *, EXCEPINFO *,
                   UINT *) override
    {
        id = riid == IID_NULL ? member : -1;
        return S_OK;
    }
};

static void a_cplusplus_program_calls_an_object_made_in_c(void **)
{
    IStream *stream = SHCreateMemStream(reinterpret_cast<const BYTE *>("abc"), 3);
    ISequentialStream *sequential = nullptr;
    LARGE_INTEGER move;
    STATSTG stat;
    char buf[4] = "";
    ULONG done = 0;

    assert_int_equal(stream->Read(buf, 3, &done), S_OK);
    assert_memory_equal(buf, "abc", 3);
    move.QuadPart = 0;
    assert_int_equal(stream->Seek(move, STREAM_SEEK_SET, nullptr), S_OK);
    assert_int_equal(stream->Write("x", 1, &done), S_OK);
    assert_int_equal(stream->Stat(&stat, STATFLAG_NONAME), S_OK);
    assert_int_equal(stat.cbSize.QuadPart, 3);
    assert_int_equal(
        stream->QueryInterface(IID_ISequentialStream, reinterpret_cast<void **>(&sequential)),
        S_OK);
    assert_int_equal(sequential->Release(), 1);
    assert_int_equal(stream->Release(), 0);
}

static void c_calls_an_object_made_in_cplusplus(void **)
{
    Sink sink;

    assert_int_equal(call_invoke_from_c(&sink, 0x200), S_OK);
    assert_int_equal(sink.id, 0x200);
    assert_int_equal(sink.refs, 1);
}

static void guids_compare_by_value(void **)
{
    GUID copy = IID_IDiscFormat2TrackAtOnce;

    assert_true(copy == IID_IDiscFormat2TrackAtOnce);
    assert_true(IsEqualIID(copy, IID_IDiscFormat2TrackAtOnce));
    assert_true(copy != IID_IDiscRecorder2);
    assert_true(copy != GUID_NULL);
}

static_assert(std::is_base_of<IDiscFormat2, IDiscFormat2TrackAtOnce>::value, "a format");
static_assert(std::is_base_of<IUnknown, IDiscRecorder2Ex>::value &&
                  !std::is_base_of<IDispatch, IDiscRecorder2Ex>::value,
              "under IUnknown, whatever its page says");

int main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cplusplus_program_calls_an_object_made_in_c),
        cmocka_unit_test(c_calls_an_object_made_in_cplusplus),
        cmocka_unit_test(guids_compare_by_value),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}

/* SPDX-License-Identifier: MIT */
/* IStream: what both kinds do is tested on both; each test gets an empty read-write stream. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#define COBJMACROS
#include <imapi2_linux.h>
#include "spy.h"

static char path[64]; /* of the running test's file */

static int memory_setup(void **state)
{
    *state = SHCreateMemStream(NULL, 0);
    return *state == NULL;
}

static HRESULT open_file(const char *name, DWORD mode, BOOL create, IStream **stream)
{
    BSTR bstr;
    HRESULT hr = imapi2_bstr_from_utf8(name, &bstr);

    if (FAILED(hr))
        return hr;
    hr = SHCreateStreamOnFileEx(bstr, mode, FILE_ATTRIBUTE_NORMAL, create, NULL, stream);
    SysFreeString(bstr);
    return hr;
}

static int file_setup(void **state)
{
    int fd;

    strcpy(path, "/tmp/vcdr-stream-XXXXXX");
    fd = mkstemp(path);
    if (fd < 0)
        return -1;
    close(fd);
    return FAILED(open_file(path, STGM_READWRITE, FALSE, (IStream **)state));
}

static int teardown(void **state)
{
    if (*state)
        IStream_Release((IStream *)*state);
    *state = NULL;
    if (path[0])
        unlink(path);
    path[0] = '\0';
    return 0;
}

static ULONGLONG seek(IStream *stream, LONGLONG move, DWORD origin)
{
    LARGE_INTEGER by;
    ULARGE_INTEGER at;

    by.QuadPart = move;
    assert_int_equal(IStream_Seek(stream, by, origin, &at), S_OK);
    return at.QuadPart;
}

static void put(IStream *stream, const char *text)
{
    ULONG done = 0;

    assert_int_equal(IStream_Write(stream, text, (ULONG)strlen(text), &done), S_OK);
    assert_int_equal(done, strlen(text));
}

static ULONGLONG size_of(IStream *stream)
{
    STATSTG stat;

    assert_int_equal(IStream_Stat(stream, &stat, STATFLAG_NONAME), S_OK);
    assert_int_equal(stat.type, STGTY_STREAM);
    assert_null(stat.pwcsName);
    return stat.cbSize.QuadPart;
}

static void what_was_written_is_read(void **state)
{
    IStream *stream = *state;
    char buf[8] = "";
    ULONG got = 99;

    put(stream, "hello");
    assert_int_equal(seek(stream, 0, STREAM_SEEK_CUR), 5);
    seek(stream, 1, STREAM_SEEK_SET);
    assert_int_equal(IStream_Read(stream, buf, 3, &got), S_OK);
    assert_int_equal(got, 3);
    assert_memory_equal(buf, "ell", 3);
}

static void a_read_that_meets_the_end_is_s_false(void **state)
{
    IStream *stream = *state;
    char buf[8];
    ULONG got = 99;

    put(stream, "abc");
    seek(stream, -2, STREAM_SEEK_END);
    assert_int_equal(IStream_Read(stream, buf, 8, &got), S_FALSE);
    assert_int_equal(got, 2);
    assert_int_equal(IStream_Read(stream, buf, 8, &got), S_FALSE);
    assert_int_equal(got, 0);
    assert_int_equal(IStream_Read(stream, buf, 0, NULL), S_OK);
}

static void a_seek_before_the_beginning_is_refused_and_stays(void **state)
{
    IStream *stream = *state;
    LARGE_INTEGER back, far;
    ULARGE_INTEGER at;

    put(stream, "abcd");
    back.QuadPart = -5;
    far.QuadPart = INT64_MAX;
    assert_int_equal(IStream_Seek(stream, back, STREAM_SEEK_CUR, &at), STG_E_INVALIDFUNCTION);
    assert_int_equal(at.QuadPart, 4);
    assert_int_equal(IStream_Seek(stream, back, STREAM_SEEK_SET, NULL), STG_E_INVALIDFUNCTION);
    assert_int_equal(IStream_Seek(stream, far, STREAM_SEEK_CUR, NULL), STG_E_INVALIDFUNCTION);
    assert_int_equal(IStream_Seek(stream, back, 3, NULL), STG_E_INVALIDFUNCTION);
    assert_int_equal(seek(stream, 0, STREAM_SEEK_CUR), 4);
}

static void a_write_behind_the_end_leaves_zeros(void **state)
{
    IStream *stream = *state;
    char buf[6];
    ULONG got;

    put(stream, "a");
    assert_int_equal(seek(stream, 4, STREAM_SEEK_CUR), 5);
    assert_int_equal(size_of(stream), 1); /* a seek writes nothing */
    put(stream, "b");
    seek(stream, 0, STREAM_SEEK_SET);
    assert_int_equal(IStream_Read(stream, buf, 6, &got), S_OK);
    assert_memory_equal(buf, "a\0\0\0\0b", 6);
}

static void cutting_and_growing_again_reads_as_zeros(void **state)
{
    IStream *stream = *state;
    ULARGE_INTEGER size;
    char buf[4];

    put(stream, "abcd");
    size.QuadPart = 1;
    assert_int_equal(IStream_SetSize(stream, size), S_OK);
    size.QuadPart = 4;
    assert_int_equal(IStream_SetSize(stream, size), S_OK);
    assert_int_equal(seek(stream, 0, STREAM_SEEK_CUR), 4); /* the position stays */
    seek(stream, 0, STREAM_SEEK_SET);
    assert_int_equal(IStream_Read(stream, buf, 4, NULL), S_OK);
    assert_memory_equal(buf, "a\0\0\0", 4);
    size.QuadPart = UINT64_MAX;
    assert_int_equal(IStream_SetSize(stream, size), STG_E_MEDIUMFULL);
    assert_int_equal(size_of(stream), 4);
}

static void a_clone_has_the_bytes_and_its_own_position(void **state)
{
    IStream *stream = *state, *clone;
    char buf[4] = "";

    put(stream, "abc");
    assert_int_equal(IStream_Clone(stream, &clone), S_OK);
    assert_int_equal(seek(clone, 0, STREAM_SEEK_CUR), 3);
    put(stream, "d");
    assert_int_equal(IStream_Read(clone, buf, 1, NULL), S_OK);
    assert_int_equal(buf[0], 'd');
    seek(clone, 0, STREAM_SEEK_SET);
    assert_int_equal(seek(stream, 0, STREAM_SEEK_CUR), 4);
    IStream_Release(stream);
    assert_int_equal(IStream_Read(clone, buf, 4, NULL), S_OK);
    assert_memory_equal(buf, "abcd", 4);
    *state = clone;
}

static void copy_to_moves_both_positions(void **state)
{
    IStream *stream = *state, *target = SHCreateMemStream((const BYTE *)"xx", 2);
    ULARGE_INTEGER cb, read, written;
    char *big = calloc(1, 200000), buf[4];
    ULONG done;

    memcpy(big + 199997, "end", 3);
    assert_int_equal(IStream_Write(stream, big, 200000, &done), S_OK);
    free(big);
    seek(stream, 2, STREAM_SEEK_SET);
    seek(target, 2, STREAM_SEEK_SET);
    cb.QuadPart = UINT64_MAX;
    assert_int_equal(IStream_CopyTo(stream, target, cb, &read, &written), S_OK);
    assert_int_equal(read.QuadPart, 199998);
    assert_int_equal(written.QuadPart, 199998);
    assert_int_equal(seek(stream, 0, STREAM_SEEK_CUR), 200000);
    assert_int_equal(size_of(target), 200000);
    seek(target, -3, STREAM_SEEK_END);
    assert_int_equal(IStream_Read(target, buf, 3, NULL), S_OK);
    assert_memory_equal(buf, "end", 3);
    IStream_Release(target);
}

/* Twice the bytes, through a clone of itself, which would deadlock on a held lock. */
static void a_stream_copies_into_its_own_clone(void **state)
{
    IStream *stream = *state, *clone;
    ULARGE_INTEGER cb;

    put(stream, "ab");
    assert_int_equal(IStream_Clone(stream, &clone), S_OK);
    seek(stream, 0, STREAM_SEEK_SET);
    cb.QuadPart = 2;
    assert_int_equal(IStream_CopyTo(stream, clone, cb, NULL, NULL), S_OK);
    assert_int_equal(size_of(stream), 4);
    IStream_Release(clone);
}

static void null_pointers_are_refused(void **state)
{
    IStream *stream = *state;
    ULARGE_INTEGER cb = {.QuadPart = 1};
    ULONG done = 99;

    assert_int_equal(IStream_Read(stream, NULL, 1, &done), STG_E_INVALIDPOINTER);
    assert_int_equal(done, 0);
    assert_int_equal(IStream_Write(stream, NULL, 1, NULL), STG_E_INVALIDPOINTER);
    assert_int_equal(IStream_CopyTo(stream, NULL, cb, NULL, NULL), STG_E_INVALIDPOINTER);
    assert_int_equal(IStream_Stat(stream, NULL, 0), STG_E_INVALIDPOINTER);
    assert_int_equal(IStream_Clone(stream, NULL), STG_E_INVALIDPOINTER);
}

static void the_rest_of_the_vtable_answers(void **state)
{
    IStream *stream = *state;
    ULARGE_INTEGER zero = {.QuadPart = 0};
    ISequentialStream *sequential;

    assert_int_equal(IStream_Commit(stream, STGC_DEFAULT), S_OK);
    assert_int_equal(IStream_Revert(stream), S_OK);
    assert_int_equal(IStream_LockRegion(stream, zero, zero, 1), STG_E_INVALIDFUNCTION);
    assert_int_equal(IStream_UnlockRegion(stream, zero, zero, 1), STG_E_INVALIDFUNCTION);
    assert_int_equal(IStream_QueryInterface(stream, &IID_ISequentialStream, (void **)&sequential),
                     S_OK);
    ISequentialStream_Release(sequential);
    assert_int_equal(IStream_QueryInterface(stream, &IID_IDispatch, (void **)&sequential),
                     E_NOINTERFACE);
}

/* -- Threads: every write is whole, and none is lost */

static void *write_many(void *stream)
{
    for (int i = 0; i < 2000; i++) {
        if (IStream_Write((IStream *)stream, "0123456789", 10, NULL) != S_OK)
            return stream;
    }
    return NULL;
}

static void two_threads_write_one_stream(void **state)
{
    pthread_t thread;
    char buf[10];
    void *bad;

    assert_int_equal(pthread_create(&thread, NULL, write_many, *state), 0);
    assert_null(write_many(*state));
    assert_int_equal(pthread_join(thread, &bad), 0);
    assert_null(bad);
    assert_int_equal(size_of(*state), 40000);
    seek(*state, 0, STREAM_SEEK_SET);
    while (IStream_Read((IStream *)*state, buf, 10, NULL) == S_OK)
        assert_memory_equal(buf, "0123456789", 10);
}

/* -- One kind alone */

static void a_memory_stream_begins_with_the_bytes_given(void **state)
{
    IStream *stream = SHCreateMemStream((const BYTE *)"abc", 3);
    char buf[3];

    (void)state;
    assert_int_equal(IStream_Read(stream, buf, 3, NULL), S_OK);
    assert_memory_equal(buf, "abc", 3);
    assert_int_equal(IStream_Release(stream), 0);
    assert_null(SHCreateMemStream(NULL, 3));
}

static void open_gives(const char *name, DWORD mode, BOOL create, HRESULT want)
{
    IStream *stream = (IStream *)1;
    HRESULT hr = open_file(name, mode, create, &stream);

    assert_int_equal(hr, want);
    if (SUCCEEDED(hr))
        IStream_Release(stream);
    else
        assert_null(stream);
}

static void a_file_is_opened_or_made_as_the_mode_says(void **state)
{
    IStream *stream = *state;

    put(stream, "abc");
    open_gives(path, STGM_READ, TRUE, HRESULT_FROM_WIN32(ERROR_FILE_EXISTS));
    assert_int_equal(size_of(stream), 3);
    open_gives(path, STGM_READ, FALSE, S_OK);
    open_gives(path, STGM_WRITE | STGM_CREATE, FALSE, S_OK);
    assert_int_equal(size_of(stream), 0); /* STGM_CREATE empties it */
    unlink(path);
    open_gives(path, STGM_READ, FALSE, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    open_gives(path, STGM_READWRITE, TRUE, S_OK);
    open_gives(path, STGM_READ, FALSE, S_OK);
    unlink(path);
    open_gives(path, STGM_READWRITE | STGM_CREATE | STGM_SHARE_EXCLUSIVE, FALSE, S_OK);
}

static void what_is_no_file_is_refused(void **state)
{
    char fifo[80];

    (void)state;
    open_gives("/", STGM_READ, FALSE, E_ACCESSDENIED);
    open_gives("/dev/null", STGM_READ, FALSE, E_ACCESSDENIED);
    open_gives("/dev/null/x", STGM_READ, FALSE, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND));
    open_gives(path, 3, FALSE, STG_E_INVALIDFLAG);
    open_gives(path, 0x2000, FALSE, STG_E_INVALIDFLAG);
    strcpy(fifo, path);
    strcat(fifo, ".fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    open_gives(fifo, STGM_READ, FALSE, E_ACCESSDENIED); /* and does not wait for a writer */
    unlink(fifo);
    assert_int_equal(SHCreateStreamOnFileEx(NULL, 0, 0, FALSE, NULL, (IStream **)&fifo),
                     E_INVALIDARG);
    assert_int_equal(SHCreateStreamOnFileEx(u"x", 0, 0, FALSE, NULL, NULL), E_INVALIDARG);
}

static void a_stream_does_only_what_it_was_opened_for(void **state)
{
    ULARGE_INTEGER size = {.QuadPart = 0};
    IStream *stream;
    char buf[1];
    ULONG done = 99;

    put(*state, "abc");
    assert_int_equal(open_file(path, STGM_READ, FALSE, &stream), S_OK);
    assert_int_equal(IStream_Write(stream, "x", 1, &done), STG_E_ACCESSDENIED);
    assert_int_equal(done, 0);
    assert_int_equal(IStream_SetSize(stream, size), STG_E_ACCESSDENIED);
    IStream_Release(stream);
    assert_int_equal(open_file(path, STGM_WRITE, FALSE, &stream), S_OK);
    assert_int_equal(IStream_Read(stream, buf, 1, &done), STG_E_ACCESSDENIED);
    assert_int_equal(IStream_Write(stream, "x", 1, &done), S_OK);
    IStream_Release(stream);
}

static void a_file_tells_its_name_mode_and_times(void **state)
{
    STATSTG stat;
    BSTR name;
    struct stat st;
    ULONGLONG ticks;

    assert_int_equal(imapi2_bstr_from_utf8(path, &name), S_OK);
    assert_int_equal(IStream_Stat((IStream *)*state, &stat, STATFLAG_DEFAULT), S_OK);
    assert_memory_equal(stat.pwcsName, name, SysStringByteLen(name) + 2);
    assert_int_equal(stat.grfMode, STGM_READWRITE);
    assert_int_equal(stat.grfLocksSupported, 0);
    lstat(path, &st);
    ticks = (ULONGLONG)stat.mtime.dwHighDateTime << 32 | stat.mtime.dwLowDateTime;
    /* 116444736000000000: 100 ns from 1601-01-01 to 1970-01-01 */
    assert_int_equal((ticks - 116444736000000000) / 10000000, st.st_mtim.tv_sec);
    CoTaskMemFree(stat.pwcsName);
    SysFreeString(name);
    assert_int_equal(IStream_Stat((IStream *)*state, &stat, 2), STG_E_INVALIDFLAG);
}

static void a_name_in_utf16_is_a_name_in_utf8(void **state)
{
    char name[80];
    struct stat st;

    (void)state;
    strcpy(name, path);
    strcat(name, "-\xC3\xA9\xF0\x9D\x84\x9E"); /* U+00E9, U+1D11E */
    open_gives(name, STGM_READWRITE, TRUE, S_OK);
    assert_int_equal(lstat(name, &st), 0);
    unlink(name);
    assert_int_equal(
        SHCreateStreamOnFileEx(u"/tmp/\xD800", STGM_READ, 0, FALSE, NULL, (IStream **)&name),
        E_INVALIDARG);
}

/* -- Memory */

static HRESULT use_memory_stream(void *context)
{
    IStream *stream = SHCreateMemStream((const BYTE *)"abc", 3), *clone;
    ULARGE_INTEGER cb = {.QuadPart = 5000};
    HRESULT hr;

    (void)context;
    if (!stream)
        return E_OUTOFMEMORY;
    hr = IStream_SetSize(stream, cb);
    if (SUCCEEDED(hr))
        hr = IStream_Clone(stream, &clone);
    if (SUCCEEDED(hr)) {
        hr = IStream_CopyTo(stream, clone, cb, NULL, NULL);
        IStream_Release(clone);
    }
    IStream_Release(stream);
    return hr;
}

static HRESULT use_file_stream(void *context)
{
    STATSTG stat;
    IStream *stream;
    HRESULT hr = open_file(context, STGM_READ, FALSE, &stream);

    if (FAILED(hr))
        return hr;
    hr = IStream_Stat(stream, &stat, STATFLAG_DEFAULT);
    CoTaskMemFree(stat.pwcsName);
    IStream_Release(stream);
    return hr;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    /* store, bytes, stream; SetSize; clone; chunk */
    assert_int_equal(spy_fail_each(use_memory_stream, NULL, E_OUTOFMEMORY), 6);
    /* the test's BSTR; file, name, path, stream; Stat's name */
    assert_int_equal(spy_fail_each(use_file_stream, path, E_OUTOFMEMORY), 6);
}

#define BOTH(test)                                                                                 \
    {"memory: " #test, test, memory_setup, teardown, NULL},                                        \
    {                                                                                              \
        "file: " #test, test, file_setup, teardown, NULL                                           \
    }
#define FILE_ONLY(test) cmocka_unit_test_setup_teardown(test, file_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(what_was_written_is_read),
        BOTH(a_read_that_meets_the_end_is_s_false),
        BOTH(a_seek_before_the_beginning_is_refused_and_stays),
        BOTH(a_write_behind_the_end_leaves_zeros),
        BOTH(cutting_and_growing_again_reads_as_zeros),
        BOTH(a_clone_has_the_bytes_and_its_own_position),
        BOTH(copy_to_moves_both_positions),
        BOTH(a_stream_copies_into_its_own_clone),
        BOTH(null_pointers_are_refused),
        BOTH(the_rest_of_the_vtable_answers),
        BOTH(two_threads_write_one_stream),
        cmocka_unit_test(a_memory_stream_begins_with_the_bytes_given),
        FILE_ONLY(a_file_is_opened_or_made_as_the_mode_says),
        FILE_ONLY(what_is_no_file_is_refused),
        FILE_ONLY(a_stream_does_only_what_it_was_opened_for),
        FILE_ONLY(a_file_tells_its_name_mode_and_times),
        FILE_ONLY(a_name_in_utf16_is_a_name_in_utf8),
        FILE_ONLY(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

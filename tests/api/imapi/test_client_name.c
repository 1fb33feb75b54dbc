/* SPDX-License-Identifier: MIT */
/* put_ClientName and get_ClientName, in raw values (reference: imapi2 7.2 and 8, points 1 to 9). */
#include <pthread.h>
#include "tests/api/imapi/support.h"

#define NOT_VALID 0xC0AA050F /* E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID */
#define PREPARED 0xC0AA0503
#define WRITING 0xC0AA0500

static bool allowed(unsigned unit)
{
    return unit < 0x80 && unit != 0 &&
           strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-_",
                  (int)unit) != NULL;
}

static HRESULT put_units(IDiscFormat2TrackAtOnce *tao, const OLECHAR *units, UINT count)
{
    BSTR name = SysAllocStringLen(units, count);
    HRESULT hr = tao->lpVtbl->put_ClientName(tao, name);

    SysFreeString(name);
    return hr;
}

static void every_utf16_unit_alone(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    unsigned accepted = 0;

    (void)state;
    for (unsigned unit = 0; unit <= 0xFFFF; unit++) {
        OLECHAR one = (OLECHAR)unit;
        HRESULT hr;
        BSTR now;

        assert_hr(put_name(tao, "old"), S_OK);
        hr = put_units(tao, &one, 1);
        if (hr != (allowed(unit) ? S_OK : (HRESULT)NOT_VALID)) {
            fail_msg("U+%04X: 0x%08X", unit, (unsigned)hr);
        }
        assert_hr(tao->lpVtbl->get_ClientName(tao, &now), S_OK);
        if (hr == S_OK) {
            accepted++;
            assert_int_equal(SysStringByteLen(now), 2);
            assert_int_equal(now[0], unit);
        } else {
            assert_int_equal(SysStringByteLen(now), 6);
            assert_memory_equal(now, u"old", 6);
        }
        SysFreeString(now);
    }
    assert_int_equal(accepted, 26 + 26 + 10 + 7);
    RELEASE(tao);
}

static void a_bad_unit_at_every_place(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();

    (void)state;
    for (unsigned at = 0; at < 63; at++) {
        OLECHAR name[63];

        for (unsigned i = 0; i < 63; i++) {
            name[i] = i == at ? 0x0141 : 'A'; /* narrowed to a byte it would be 'A' */
        }
        assert_hr(put_units(tao, name, 63), NOT_VALID);
    }
    assert_string_equal(name_of(tao), "");
    RELEASE(tao);
}

static void every_length_from_0_to_70(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();

    (void)state;
    for (unsigned length = 0; length <= 70; length++) {
        OLECHAR name[70];
        BSTR now;

        for (unsigned i = 0; i < 70; i++) {
            name[i] = (OLECHAR)('a' + i % 26);
        }
        assert_hr(put_name(tao, "old"), S_OK);
        assert_hr(put_units(tao, name, length), length >= 1 && length <= 63 ? S_OK : NOT_VALID);
        assert_hr(tao->lpVtbl->get_ClientName(tao, &now), S_OK);
        if (length >= 1 && length <= 63) {
            assert_int_equal(SysStringByteLen(now), 2 * length);
            assert_memory_equal(now, name, 2 * length);
            assert_int_equal(now[length], 0);
        } else {
            assert_memory_equal(now, u"old", 8); /* its NUL too */
        }
        SysFreeString(now);
    }
    RELEASE(tao);
}

static void null_is_an_empty_name_and_refused(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();

    (void)state;
    assert_hr(put_name(tao, "kept"), S_OK);
    assert_hr(tao->lpVtbl->put_ClientName(tao, NULL), NOT_VALID);
    assert_string_equal(name_of(tao), "kept");
    RELEASE(tao);
}

static void an_embedded_nul_is_refused(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();

    (void)state;
    assert_hr(put_name(tao, "kept"), S_OK);
    assert_hr(put_units(tao, u"ab\0cd", 5), NOT_VALID);
    assert_hr(put_units(tao, u"ab\0", 3), NOT_VALID);
    assert_hr(put_units(tao, u"\0ab", 3), NOT_VALID);
    assert_string_equal(name_of(tao), "kept");
    RELEASE(tao);
}

static void an_odd_number_of_bytes_is_refused(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    BSTR odd = SysAllocStringByteLen("a\0b\0c", 5); /* 'a' 'b' and half of a unit */

    (void)state;
    assert_hr(put_name(tao, "kept"), S_OK);
    assert_hr(tao->lpVtbl->put_ClientName(tao, odd), NOT_VALID);
    assert_string_equal(name_of(tao), "kept");
    SysFreeString(odd);
    RELEASE(tao);
}

static void spaces_alone_and_at_the_ends_pass(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();

    (void)state;
    assert_hr(put_name(tao, " "), S_OK);
    assert_string_equal(name_of(tao), " ");
    assert_hr(put_name(tao, "  Case Is Kept. "), S_OK);
    assert_string_equal(name_of(tao), "  Case Is Kept. ");
    RELEASE(tao);
}

static void the_name_is_copied_and_the_argument_stays_the_callers(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    BSTR name = SysAllocString(u"before"), out;

    (void)state;
    assert_hr(tao->lpVtbl->put_ClientName(tao, name), S_OK);
    memcpy(name, u"after!", 12);
    assert_string_equal(name_of(tao), "before");
    assert_hr(tao->lpVtbl->get_ClientName(tao, &out), S_OK);
    memcpy(out, u"mine!!", 12); /* and what comes out is the caller's own */
    SysFreeString(out);
    assert_string_equal(name_of(tao), "before");
    SysFreeString(name);
    RELEASE(tao);
}

static void before_any_put_the_name_is_a_zero_length_bstr(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    BSTR out = NULL;

    (void)state;
    assert_hr(tao->lpVtbl->get_ClientName(tao, &out), S_OK);
    assert_non_null(out);
    assert_int_equal(SysStringByteLen(out), 0);
    assert_int_equal(out[0], 0);
    SysFreeString(out);
    assert_hr(tao->lpVtbl->get_ClientName(tao, NULL), 0x80004003);
    RELEASE(tao);
}

static void refused_while_prepared_and_allowed_again_after(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);

    assert_hr(put_name(tao, "Second"), PREPARED);
    assert_hr(put_name(tao, ""), PREPARED); /* the state is told before the argument */
    assert_hr(tao->lpVtbl->put_ClientName(tao, NULL), PREPARED);
    assert_string_equal(name_of(tao), "First Burner 1.0");
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(put_name(tao, "Second"), S_OK);
    assert_string_equal(name_of(tao), "Second");
    RELEASE(tao);
}

/* Everything that may happen during AddAudioTrack tries to rename, and is told why not. */
struct renamer {
    IDiscFormat2TrackAtOnce *tao;
    unsigned tried;
    bool methods[8];
};
static const char *const methods[] = {"AddRef", "Stat", "Seek", "Read", "Release"};

static void rename_from_stream(void *ctx, const char *method, uint64_t position)
{
    struct renamer *renamer = ctx;

    (void)position;
    for (unsigned i = 0; i < 5; i++) {
        if (strcmp(methods[i], method) == 0) {
            renamer->methods[i] = true;
        }
    }
    renamer->tried++;
    assert_hr(put_name(renamer->tao, "Second"), WRITING);
    assert_hr(put_name(renamer->tao, ""), WRITING);
    assert_string_equal(name_of(renamer->tao), "First Burner 1.0");
}

static void refused_while_writing_from_every_method_of_the_clients_stream(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct renamer renamer = {.tao = tao};
    struct test_stream stream;

    stream_init(&stream, 400 * SECTOR, 1);
    stream.hook = rename_from_stream;
    stream.ctx = &renamer;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    for (unsigned i = 0; i < 5; i++) {
        if (!renamer.methods[i]) {
            fail_msg("%s was never called", methods[i]);
        }
    }
    assert_int_equal(stream.refs, 1);
    assert_hr(put_name(tao, "Second"), PREPARED);
    RELEASE(tao);
}

static void rename_from_handler(void *ctx, const struct test_event *event)
{
    struct renamer *renamer = ctx;

    (void)event;
    renamer->tried++;
    assert_hr(put_name(renamer->tao, "Second"), WRITING);
}

static void refused_while_writing_from_the_event_handler(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct renamer renamer = {.tao = tao};
    struct test_sink sink = {.hook = rename_from_handler, .ctx = &renamer};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_true(renamer.tried >= 3);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void *rename_from_thread(void *ctx)
{
    struct renamer *renamer = ctx;

    assert_hr(put_name(renamer->tao, "Second"), WRITING);
    renamer->tried++;
    return NULL;
}

static void join_renaming_thread(void *ctx, const char *method, uint64_t position)
{
    struct renamer *renamer = ctx;
    pthread_t thread;

    if (strcmp(method, "Read") == 0 && renamer->tried == 0) {
        assert_int_equal(pthread_create(&thread, NULL, rename_from_thread, renamer), 0);
        assert_int_equal(pthread_join(thread, NULL), 0); /* it must not wait for the track */
    }
    (void)position;
}

static void refused_while_writing_from_a_second_thread_without_waiting(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct renamer renamer = {.tao = tao};
    struct test_stream stream;

    stream_init(&stream, 400 * SECTOR, 1);
    stream.hook = join_renaming_thread;
    stream.ctx = &renamer;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_int_equal(renamer.tried, 1);
    RELEASE(tao);
}

static void without_memory_the_old_name_is_kept(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    BSTR name = SysAllocString(u"The new one");
    unsigned allocations;

    (void)state;
    assert_hr(put_name(tao, "The old one"), S_OK);
    memory_fail_nth(0);
    assert_hr(tao->lpVtbl->put_ClientName(tao, name), S_OK);
    allocations = memory_allocations();
    memory_restore();
    assert_true(allocations >= 1);
    for (unsigned n = 1; n <= allocations; n++) {
        assert_hr(put_name(tao, "The old one"), S_OK);
        memory_fail_nth(n);
        assert_hr(tao->lpVtbl->put_ClientName(tao, name), 0x8007000E);
        memory_restore();
        assert_string_equal(name_of(tao), "The old one");
    }
    SysFreeString(name);
    RELEASE(tao);
}

static void an_invalid_name_is_told_before_want_of_memory(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    BSTR name = SysAllocString(u"tab\there");

    (void)state;
    memory_fail_nth(1);
    assert_hr(tao->lpVtbl->put_ClientName(tao, name), NOT_VALID);
    assert_int_equal(memory_allocations(), 0);
    memory_restore();
    SysFreeString(name);
    RELEASE(tao);
}

static void get_without_memory_gives_null_and_the_reason(void **state)
{
    IDiscFormat2TrackAtOnce *tao = new_tao();
    BSTR out = (BSTR)u"not null";

    (void)state;
    assert_hr(put_name(tao, "kept"), S_OK);
    memory_fail_nth(1);
    assert_hr(tao->lpVtbl->get_ClientName(tao, &out), 0x8007000E);
    memory_restore();
    assert_null(out);
    assert_string_equal(name_of(tao), "kept");
    RELEASE(tao);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_utf16_unit_alone),
        cmocka_unit_test(a_bad_unit_at_every_place),
        cmocka_unit_test(every_length_from_0_to_70),
        cmocka_unit_test(null_is_an_empty_name_and_refused),
        cmocka_unit_test(an_embedded_nul_is_refused),
        cmocka_unit_test(an_odd_number_of_bytes_is_refused),
        cmocka_unit_test(spaces_alone_and_at_the_ends_pass),
        cmocka_unit_test(the_name_is_copied_and_the_argument_stays_the_callers),
        cmocka_unit_test(before_any_put_the_name_is_a_zero_length_bstr),
        cmocka_unit_test_setup_teardown(refused_while_prepared_and_allowed_again_after, bench_up,
                                        bench_down),
        cmocka_unit_test_setup_teardown(
            refused_while_writing_from_every_method_of_the_clients_stream, bench_up, bench_down),
        cmocka_unit_test_setup_teardown(refused_while_writing_from_the_event_handler, bench_up,
                                        bench_down),
        cmocka_unit_test_setup_teardown(refused_while_writing_from_a_second_thread_without_waiting,
                                        bench_up, bench_down),
        cmocka_unit_test(without_memory_the_old_name_is_kept),
        cmocka_unit_test(an_invalid_name_is_told_before_want_of_memory),
        cmocka_unit_test(get_without_memory_gives_null_and_the_reason),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

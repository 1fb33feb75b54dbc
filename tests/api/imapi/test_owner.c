/* SPDX-License-Identifier: MIT */
/* Who holds the drive, as everybody sees it; PrepareMedia's order of checks; AcquireExclusiveAccess
 * (reference: imapi2 2.2, 7 and 8, points 3 to 7, 11 to 13, 21, 22, 43 to 49, 61, 62). */
#include "tests/api/imapi/support.h"

#define LOCKED 0xC0AA0210
#define BAD_NAME 0xC0AA0211

static HRESULT acquire(IDiscRecorder2 *recorder, const char *name)
{
    BSTR bstr;
    HRESULT hr;

    assert_hr(imapi2_bstr_from_utf8(name, &bstr), S_OK);
    hr = recorder->lpVtbl->AcquireExclusiveAccess(recorder, VARIANT_FALSE, bstr);
    SysFreeString(bstr);
    return hr;
}

static HRESULT give_back(IDiscRecorder2 *recorder)
{
    return recorder->lpVtbl->ReleaseExclusiveAccess(recorder);
}

static void look(void *ctx, const char *method, uint64_t position)
{
    struct bench *bench = ctx;

    (void)position;
    if (strcmp(method, "Stat") == 0 || strcmp(method, "Release") == 0) {
        assert_string_equal(owner_seen(bench->url), "First Burner 1.0");
    }
}

static void the_owner_before_during_and_after_a_burn(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    struct test_stream stream;

    assert_string_equal(owner_seen(bench->url), "");
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_string_equal(owner_seen(bench->url), "First Burner 1.0");
    stream_init(&stream, 300 * SECTOR, 1);
    stream.hook = look;
    stream.ctx = bench;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_string_equal(owner_seen(bench->url), "First Burner 1.0");
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_string_equal(owner_seen(bench->url), "");
    RELEASE(tao);
}

static void the_final_release_gives_the_drive_back(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);
    IDiscFormat2TrackAtOnce *tao = new_tao();

    assert_hr(put_name(tao, "Leaves at once"), S_OK);
    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_string_equal(owner_seen(bench->url), "Leaves at once");
    assert_int_equal(RELEASE(tao), 0);
    assert_string_equal(owner_seen(bench->url), ""); /* though the recorder lives on */
    RELEASE(recorder);
}

static void prepare_asks_for_the_recorder_before_the_name(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = new_tao();
    IDiscRecorder2 *recorder = open_recorder(bench->url);

    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA050A);
    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA050F);
    assert_string_equal(owner_seen(bench->url), "");
    assert_hr(put_name(tao, "n"), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    RELEASE(tao);
    RELEASE(recorder);
}

static void prepare_asks_for_the_lock_before_the_medium(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *holder = open_recorder(bench->url);
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    struct test_stream stream;

    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(acquire(holder, "Somebody else"), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), LOCKED); /* and not MEDIA_IS_NOT_BLANK */
    assert_hr(give_back(holder), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA0506);
    RELEASE(tao);
    RELEASE(holder);
}

static void a_refused_prepare_leaves_no_lock(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    BSTR empty = SysAllocString(u"embedded:");
    IDiscRecorder2 *recorder = open_recorder(empty);
    struct test_stream stream;
    BSTR owner;

    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA0506); /* MEDIA_IS_NOT_BLANK */
    assert_string_equal(owner_seen(bench->url), "");
    assert_hr(put_name(tao, "allowed: it is not prepared"), S_OK);
    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA0202); /* an empty drive: NO_MEDIA */
    assert_hr(recorder->lpVtbl->get_ExclusiveAccessOwner(recorder, &owner), S_OK);
    assert_int_equal(SysStringLen(owner), 0);
    SysFreeString(owner);
    SysFreeString(empty);
    RELEASE(recorder);
    RELEASE(tao);
}

static void release_media_without_a_track_leaves_the_disc_blank(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    VARIANT_BOOL blank;

    for (int i = 0; i < 3; i++) {
        assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
        assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
        assert_hr(tao->lpVtbl->get_MediaPhysicallyBlank(tao, &blank), S_OK);
        assert_int_equal(blank, -1);
        assert_hr(tao->lpVtbl->get_MediaHeuristicallyBlank(tao, &blank), S_OK);
        assert_int_equal(blank, -1);
    }
    RELEASE(tao);
}

static void two_recorders_of_one_process_are_strangers(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *first = open_recorder(bench->url), *second = open_recorder(bench->url);

    assert_hr(acquire(first, "first"), S_OK);
    assert_hr(acquire(second, "second"), LOCKED);
    assert_hr(give_back(second), LOCKED); /* count 0, and somebody else owns it */
    assert_string_equal(owner_seen(bench->url), "first");
    assert_hr(give_back(first), S_OK);
    assert_hr(give_back(first), 0x80004005); /* count 0, and nobody owns it */
    assert_hr(acquire(second, "second"), S_OK);
    assert_string_equal(owner_seen(bench->url), "second");
    assert_hr(give_back(second), S_OK);
    RELEASE(first);
    RELEASE(second);
}

static void acquire_counts_and_the_first_name_stays(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);

    assert_hr(acquire(recorder, "outer"), S_OK);
    assert_hr(acquire(recorder, "inner"), S_OK);
    assert_hr(acquire(recorder, "bad/name"), BAD_NAME); /* validated though only counted */
    assert_string_equal(owner_seen(bench->url), "outer");
    assert_hr(give_back(recorder), S_OK);
    assert_string_equal(owner_seen(bench->url), "outer");
    assert_hr(give_back(recorder), S_OK);
    assert_string_equal(owner_seen(bench->url), "");
    RELEASE(recorder);
}

static void prepare_inside_the_programs_own_lock_counts_and_keeps_its_name(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    IDiscRecorder2 *recorder;

    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    assert_hr(acquire(recorder, "The program"), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_string_equal(owner_seen(bench->url), "The program");
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_string_equal(owner_seen(bench->url), "The program");
    assert_hr(give_back(recorder), S_OK);
    assert_string_equal(owner_seen(bench->url), "");
    RELEASE(recorder);
    RELEASE(tao);
}

static void acquire_refuses_bad_names_with_the_recorders_code(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *recorder = open_recorder(bench->url);
    OLECHAR longest[64];
    BSTR name;

    assert_hr(recorder->lpVtbl->AcquireExclusiveAccess(recorder, VARIANT_TRUE, NULL), BAD_NAME);
    assert_hr(acquire(recorder, ""), BAD_NAME);
    assert_hr(acquire(recorder, "tab\t"), BAD_NAME);
    for (unsigned i = 0; i < 64; i++) {
        longest[i] = 'x';
    }
    name = SysAllocStringLen(longest, 64);
    assert_hr(recorder->lpVtbl->AcquireExclusiveAccess(recorder, VARIANT_TRUE, name), BAD_NAME);
    SysFreeString(name);
    assert_string_equal(owner_seen(bench->url), "");
    name = SysAllocStringLen(longest, 63);
    assert_hr(recorder->lpVtbl->AcquireExclusiveAccess(recorder, VARIANT_TRUE, name), S_OK);
    SysFreeString(name);
    assert_int_equal(strlen(owner_seen(bench->url)), 63);
    RELEASE(recorder);
    assert_string_equal(owner_seen(bench->url), ""); /* the nexus went, and the lock with it */
}

static void put_recorder_works_while_somebody_else_holds_the_drive(void **state)
{
    struct bench *bench = *state;
    IDiscRecorder2 *holder = open_recorder(bench->url), *recorder;
    IDiscFormat2TrackAtOnce *tao = new_tao();
    VARIANT_BOOL supported;

    assert_hr(acquire(holder, "Holder"), S_OK);
    recorder = open_recorder(bench->url); /* never fails because it is locked */
    assert_hr(tao->lpVtbl->IsRecorderSupported(tao, recorder, &supported), S_OK);
    assert_int_equal(supported, -1);
    assert_hr(tao->lpVtbl->IsCurrentMediaSupported(tao, recorder, &supported), S_OK);
    assert_int_equal(supported, -1);
    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(put_name(tao, "Second"), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), LOCKED);
    assert_string_equal(owner_seen(bench->url), "Holder");
    assert_hr(put_name(tao, "Second try"), S_OK); /* it is not prepared */
    RELEASE(holder);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_string_equal(owner_seen(bench->url), "Second try");
    RELEASE(recorder);
    RELEASE(tao);
}

static void others_are_told_locked_for_what_needs_the_drive(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench), *other;
    IDiscRecorder2 *recorder = open_recorder(bench->url);
    SAFEARRAY *array;
    VARIANT_BOOL blank;
    BSTR text;

    other = new_tao();
    assert_hr(other->lpVtbl->put_Recorder(other, recorder), S_OK);
    assert_hr(recorder->lpVtbl->EjectMedia(recorder), LOCKED);
    assert_hr(recorder->lpVtbl->CloseTray(recorder), LOCKED);
    assert_hr(recorder->lpVtbl->DisableMcn(recorder), LOCKED);
    assert_hr(recorder->lpVtbl->EnableMcn(recorder), LOCKED);
    assert_hr(recorder->lpVtbl->get_SupportedModePages(recorder, &array), LOCKED);
    assert_null(array);
    assert_hr(other->lpVtbl->get_MediaPhysicallyBlank(other, &blank), LOCKED);
    assert_int_equal(blank, 0);
    assert_hr(other->lpVtbl->SetWriteSpeed(other, -1, VARIANT_FALSE), LOCKED);
    assert_hr(recorder->lpVtbl->get_VendorId(recorder, &text), S_OK); /* that is known already */
    SysFreeString(text);
    RELEASE(other);
    RELEASE(recorder);
    RELEASE(tao);
}

static void a_burner_whose_lock_was_released_under_it_recovers(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    IDiscRecorder2 *recorder;

    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    assert_hr(give_back(recorder), S_OK); /* one Release too many by the program */
    assert_string_equal(owner_seen(bench->url), "");
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), 0x80004005);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK); /* S1 again in any case */
    RELEASE(recorder);
    RELEASE(tao);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_owner_before_during_and_after_a_burn),
        TEST(the_final_release_gives_the_drive_back),
        TEST(prepare_asks_for_the_recorder_before_the_name),
        TEST(prepare_asks_for_the_lock_before_the_medium),
        TEST(a_refused_prepare_leaves_no_lock),
        TEST(release_media_without_a_track_leaves_the_disc_blank),
        TEST(two_recorders_of_one_process_are_strangers),
        TEST(acquire_counts_and_the_first_name_stays),
        TEST(prepare_inside_the_programs_own_lock_counts_and_keeps_its_name),
        TEST(acquire_refuses_bad_names_with_the_recorders_code),
        TEST(put_recorder_works_while_somebody_else_holds_the_drive),
        TEST(others_are_told_locked_for_what_needs_the_drive),
        TEST(a_burner_whose_lock_was_released_under_it_recovers),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

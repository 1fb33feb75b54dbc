/* SPDX-License-Identifier: MIT */
/* Which call is refused in which state, and with what: section 1.2 of the reference as a table. */
#include "tests/api/imapi/support.h"

typedef IDiscFormat2TrackAtOnce Tao;

static IDiscRecorder2 *some_recorder; /* initialised, of the bench's drive */

static HRESULT put_recorder(Tao *tao)
{
    return tao->lpVtbl->put_Recorder(tao, some_recorder);
}

static HRESULT put_no_recorder(Tao *tao)
{
    return tao->lpVtbl->put_Recorder(tao, NULL);
}

static HRESULT put_client_name(Tao *tao)
{
    return put_name(tao, "Second");
}

static HRESULT put_do_not_finalize(Tao *tao)
{
    return tao->lpVtbl->put_DoNotFinalizeMedia(tao, VARIANT_FALSE);
}

static HRESULT put_underrun(Tao *tao)
{
    return tao->lpVtbl->put_BufferUnderrunFreeDisabled(tao, VARIANT_FALSE);
}

static HRESULT set_speed(Tao *tao)
{
    return tao->lpVtbl->SetWriteSpeed(tao, -1, VARIANT_FALSE);
}

static HRESULT set_speed_0(Tao *tao)
{
    return tao->lpVtbl->SetWriteSpeed(tao, 0, VARIANT_FALSE);
}

static HRESULT set_speed_below(Tao *tao)
{
    return tao->lpVtbl->SetWriteSpeed(tao, -2, VARIANT_FALSE);
}

static HRESULT prepare(Tao *tao)
{
    return tao->lpVtbl->PrepareMedia(tao);
}

static HRESULT add_nothing(Tao *tao)
{
    return tao->lpVtbl->AddAudioTrack(tao, NULL);
}

static HRESULT cancel(Tao *tao)
{
    return tao->lpVtbl->CancelAddTrack(tao);
}

static HRESULT release(Tao *tao)
{
    return tao->lpVtbl->ReleaseMedia(tao);
}

static HRESULT get_tracks(Tao *tao)
{
    LONG value = 77;
    HRESULT hr = tao->lpVtbl->get_NumberOfExistingTracks(tao, &value);

    assert_int_equal(value, 0); /* stored beside a refusal too (section 8, point 14) */
    return hr;
}

static HRESULT get_total(Tao *tao)
{
    LONG value;

    return tao->lpVtbl->get_TotalSectorsOnMedia(tao, &value);
}

static HRESULT get_free(Tao *tao)
{
    LONG value;

    return tao->lpVtbl->get_FreeSectorsOnMedia(tao, &value);
}

static HRESULT get_used(Tao *tao)
{
    LONG value;

    return tao->lpVtbl->get_UsedSectorsOnMedia(tao, &value);
}

static HRESULT get_toc(Tao *tao)
{
    SAFEARRAY *value = (SAFEARRAY *)1;
    HRESULT hr = tao->lpVtbl->get_ExpectedTableOfContents(tao, &value);

    assert_null(value);
    return hr;
}

static HRESULT get_type(Tao *tao)
{
    IMAPI_MEDIA_PHYSICAL_TYPE value;

    return tao->lpVtbl->get_CurrentPhysicalMediaType(tao, &value);
}

static HRESULT get_blank(Tao *tao)
{
    VARIANT_BOOL value;

    return tao->lpVtbl->get_MediaPhysicallyBlank(tao, &value);
}

static HRESULT get_current_speed(Tao *tao)
{
    LONG value;

    return tao->lpVtbl->get_CurrentWriteSpeed(tao, &value);
}

static HRESULT get_current_rotation(Tao *tao)
{
    VARIANT_BOOL value;

    return tao->lpVtbl->get_CurrentRotationTypeIsPureCAV(tao, &value);
}

static HRESULT get_speeds(Tao *tao)
{
    SAFEARRAY *value;
    HRESULT hr = tao->lpVtbl->get_SupportedWriteSpeeds(tao, &value);

    SafeArrayDestroy(value);
    return hr;
}

static HRESULT get_descriptors(Tao *tao)
{
    SAFEARRAY *value;
    HRESULT hr = tao->lpVtbl->get_SupportedWriteSpeedDescriptors(tao, &value);

    SafeArrayDestroy(value);
    return hr;
}

static HRESULT get_recorder(Tao *tao)
{
    IDiscRecorder2 *value;
    HRESULT hr = tao->lpVtbl->get_Recorder(tao, &value);

    if (value != NULL) {
        RELEASE(value);
    }
    return hr;
}

static HRESULT get_client_name(Tao *tao)
{
    name_of(tao);
    return S_OK;
}

static HRESULT get_underrun(Tao *tao)
{
    VARIANT_BOOL value;

    return tao->lpVtbl->get_BufferUnderrunFreeDisabled(tao, &value);
}

static HRESULT get_do_not_finalize(Tao *tao)
{
    VARIANT_BOOL value;

    return tao->lpVtbl->get_DoNotFinalizeMedia(tao, &value);
}

static HRESULT get_requested(Tao *tao)
{
    LONG value;

    return tao->lpVtbl->get_RequestedWriteSpeed(tao, &value);
}

static HRESULT get_requested_rotation(Tao *tao)
{
    VARIANT_BOOL value;

    return tao->lpVtbl->get_RequestedRotationTypeIsPureCAV(tao, &value);
}

static HRESULT put_level(Tao *tao)
{
    IBurnVerification *verification;
    HRESULT hr;

    assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IBurnVerification, (void **)&verification),
              S_OK);
    hr =
        verification->lpVtbl->put_BurnVerificationLevel(verification, IMAPI_BURN_VERIFICATION_NONE);
    RELEASE(verification);
    return hr;
}

#define NP 0xC0AA0502
#define P 0xC0AA0503
#define W 0xC0AA0500
#define NW 0xC0AA0501
#define NR 0xC0AA050A
#define RR 0xC0AA0003
#define POINTER 0x80004003
#define BAD_ARG 0x80070057
#define EMPTY 0xC0AA0505
#define BAD_NAME 0xC0AA050F
#define LEAVES 0x1 /* would leave the state: not called where it is allowed */

static const struct row {
    const char *name;
    HRESULT (*call)(Tao *tao);
    uint32_t s0, s1, s2, s3;
} rows[] = {
    {"put_Recorder", put_recorder, LEAVES, 0, P, W},
    {"put_Recorder NULL", put_no_recorder, 0, LEAVES, P, W},
    {"put_ClientName", put_client_name, 0, 0, P, W},
    {"put_DoNotFinalizeMedia", put_do_not_finalize, 0, 0, P, W},
    {"put_BufferUnderrunFreeDisabled", put_underrun, NP, NP, 0, W},
    {"put_BurnVerificationLevel", put_level, 0, 0, 0, W},
    {"SetWriteSpeed", set_speed, RR, 0, 0, W},
    {"SetWriteSpeed 0", set_speed_0, RR, BAD_ARG, BAD_ARG, W},
    {"SetWriteSpeed -2", set_speed_below, RR, BAD_ARG, BAD_ARG, W},
    {"PrepareMedia", prepare, NR, LEAVES, P, P},
    {"AddAudioTrack", add_nothing, NP, NP, POINTER, W},
    {"CancelAddTrack", cancel, NW, NW, NW, LEAVES},
    {"ReleaseMedia", release, NP, NP, LEAVES, W},
    {"get_NumberOfExistingTracks", get_tracks, NP, NP, 0, W},
    {"get_TotalSectorsOnMedia", get_total, NP, NP, 0, 0},
    {"get_FreeSectorsOnMedia", get_free, NP, NP, 0, 0},
    {"get_UsedSectorsOnMedia", get_used, NP, NP, 0, 0},
    {"get_ExpectedTableOfContents", get_toc, NP, NP, EMPTY, W},
    {"get_CurrentPhysicalMediaType", get_type, NR, 0, 0, 0},
    {"get_MediaPhysicallyBlank", get_blank, NR, 0, 0, 0},
    {"get_CurrentWriteSpeed", get_current_speed, NR, 0, 0, 0},
    {"get_CurrentRotationTypeIsPureCAV", get_current_rotation, NR, 0, 0, 0},
    {"get_SupportedWriteSpeeds", get_speeds, NR, 0, 0, 0},
    {"get_SupportedWriteSpeedDescriptors", get_descriptors, NR, 0, 0, 0},
    {"get_Recorder", get_recorder, 0, 0, 0, 0},
    {"get_ClientName", get_client_name, 0, 0, 0, 0},
    {"get_BufferUnderrunFreeDisabled", get_underrun, 0, 0, 0, 0},
    {"get_DoNotFinalizeMedia", get_do_not_finalize, 0, 0, 0, 0},
    {"get_RequestedWriteSpeed", get_requested, 0, 0, 0, 0},
    {"get_RequestedRotationTypeIsPureCAV", get_requested_rotation, 0, 0, 0, 0},
};

static void run(Tao *tao, const char *state, size_t column)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t expected = *(const uint32_t *)((const char *)&rows[i] + column);
        HRESULT hr;

        if (expected == LEAVES) {
            continue;
        }
        hr = rows[i].call(tao);
        if (hr != (HRESULT)expected) {
            fail_msg("%s in %s: expected 0x%08X, got 0x%08X", rows[i].name, state, expected,
                     (unsigned)hr);
        }
    }
}

static int up(void **state)
{
    struct bench *bench;

    if (bench_up(state) != 0) {
        return -1;
    }
    bench = *state;
    some_recorder = open_recorder(bench->url);
    return 0;
}

static int down(void **state)
{
    RELEASE(some_recorder);
    return bench_down(state);
}

static void s0_without_a_recorder(void **state)
{
    Tao *tao = new_tao();

    (void)state;
    run(tao, "S0", offsetof(struct row, s0));
    RELEASE(tao);
}

static void s1_with_a_recorder(void **state)
{
    Tao *tao = ready_tao(*state);

    run(tao, "S1", offsetof(struct row, s1));
    RELEASE(tao);
}

static void s2_prepared(void **state)
{
    Tao *tao = prepared_tao(*state);

    run(tao, "S2", offsetof(struct row, s2));
    assert_string_equal(name_of(tao), "First Burner 1.0");
    RELEASE(tao);
}

static void run_in_s3(void *ctx, const char *method, uint64_t position)
{
    (void)method, (void)position;
    run(ctx, "S3", offsetof(struct row, s3));
}

static void s3_inside_add_audio_track(void **state)
{
    Tao *tao = prepared_tao(*state);
    struct test_stream stream;

    stream_init(&stream, 300 * SECTOR, 3);
    stream.hook = run_in_s3;
    stream.ctx = tao;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    RELEASE(tao);
}

static void run_in_s3_from_handler(void *ctx, const struct test_event *event)
{
    (void)event;
    run(ctx, "S3 in the handler", offsetof(struct row, s3));
}

static void s3_inside_the_event_handler(void **state)
{
    Tao *tao = prepared_tao(*state);
    struct test_sink sink = {.hook = run_in_s3_from_handler, .ctx = tao};
    struct test_stream stream;

    sink_advise(&sink, tao);
    stream_init(&stream, 300 * SECTOR, 3);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_true(sink.count >= 3);
    sink_unadvise(&sink, tao);
    RELEASE(tao);
}

static void after_the_track_it_is_s2_and_after_release_media_s1(void **state)
{
    Tao *tao = prepared_tao(*state);
    struct test_stream stream;

    stream_init(&stream, 300 * SECTOR, 3);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_hr(put_client_name(tao), P);
    assert_hr(cancel(tao), NW);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    run(tao, "S1 again", offsetof(struct row, s1));
    RELEASE(tao);
}

static void setters_keep_what_they_are_given(void **state)
{
    Tao *tao = ready_tao(*state);
    VARIANT_BOOL value;

    assert_hr(tao->lpVtbl->get_DoNotFinalizeMedia(tao, &value), S_OK);
    assert_int_equal(value, 0);
    assert_hr(tao->lpVtbl->put_DoNotFinalizeMedia(tao, VARIANT_TRUE), S_OK);
    assert_hr(tao->lpVtbl->get_DoNotFinalizeMedia(tao, &value), S_OK);
    assert_int_equal(value, -1);
    assert_hr(tao->lpVtbl->get_BufferUnderrunFreeDisabled(tao, &value), S_OK);
    assert_int_equal(value, 0);
    assert_hr(prepare(tao), S_OK);
    assert_hr(tao->lpVtbl->put_BufferUnderrunFreeDisabled(tao, 1), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(prepare(tao), S_OK); /* kept over the session (section 8, point 17) */
    assert_hr(tao->lpVtbl->get_BufferUnderrunFreeDisabled(tao, &value), S_OK);
    assert_int_equal(value, -1);
    RELEASE(tao);
}

static void a_refused_setter_changes_nothing(void **state)
{
    Tao *tao = prepared_tao(*state);
    VARIANT_BOOL value;

    assert_hr(tao->lpVtbl->put_DoNotFinalizeMedia(tao, VARIANT_TRUE), P);
    assert_hr(tao->lpVtbl->get_DoNotFinalizeMedia(tao, &value), S_OK);
    assert_int_equal(value, 0);
    RELEASE(tao);
}

static void null_out_parameters_are_e_pointer_in_every_state(void **state)
{
    Tao *tao = new_tao();
    const IDiscFormat2TrackAtOnceVtbl *v = tao->lpVtbl;

    (void)state;
    assert_hr(v->get_MediaPhysicallyBlank(tao, NULL), POINTER);
    assert_hr(v->get_MediaHeuristicallyBlank(tao, NULL), POINTER);
    assert_hr(v->get_SupportedMediaTypes(tao, NULL), POINTER);
    assert_hr(v->get_Recorder(tao, NULL), POINTER);
    assert_hr(v->get_BufferUnderrunFreeDisabled(tao, NULL), POINTER);
    assert_hr(v->get_NumberOfExistingTracks(tao, NULL), POINTER);
    assert_hr(v->get_TotalSectorsOnMedia(tao, NULL), POINTER);
    assert_hr(v->get_FreeSectorsOnMedia(tao, NULL), POINTER);
    assert_hr(v->get_UsedSectorsOnMedia(tao, NULL), POINTER);
    assert_hr(v->get_DoNotFinalizeMedia(tao, NULL), POINTER);
    assert_hr(v->get_ExpectedTableOfContents(tao, NULL), POINTER);
    assert_hr(v->get_CurrentPhysicalMediaType(tao, NULL), POINTER);
    assert_hr(v->get_ClientName(tao, NULL), POINTER);
    assert_hr(v->get_RequestedWriteSpeed(tao, NULL), POINTER);
    assert_hr(v->get_RequestedRotationTypeIsPureCAV(tao, NULL), POINTER);
    assert_hr(v->get_CurrentWriteSpeed(tao, NULL), POINTER);
    assert_hr(v->get_CurrentRotationTypeIsPureCAV(tao, NULL), POINTER);
    assert_hr(v->get_SupportedWriteSpeeds(tao, NULL), POINTER);
    assert_hr(v->get_SupportedWriteSpeedDescriptors(tao, NULL), POINTER);
    RELEASE(tao);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(s0_without_a_recorder, up, down),
        cmocka_unit_test_setup_teardown(s1_with_a_recorder, up, down),
        cmocka_unit_test_setup_teardown(s2_prepared, up, down),
        cmocka_unit_test_setup_teardown(s3_inside_add_audio_track, up, down),
        cmocka_unit_test_setup_teardown(s3_inside_the_event_handler, up, down),
        cmocka_unit_test_setup_teardown(after_the_track_it_is_s2_and_after_release_media_s1, up,
                                        down),
        cmocka_unit_test_setup_teardown(setters_keep_what_they_are_given, up, down),
        cmocka_unit_test_setup_teardown(a_refused_setter_changes_nothing, up, down),
        cmocka_unit_test(null_out_parameters_are_e_pointer_in_every_state),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

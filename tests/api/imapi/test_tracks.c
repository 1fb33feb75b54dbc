/* SPDX-License-Identifier: MIT */
/* AddAudioTrack: what is read back, what is refused (reference: imapi2 1.5 and 8, points 14 to 28).
 */
#include <stdlib.h>
#include "tests/api/imapi/support.h"
#include "api/transport/transport.h"

static LONG get(IDiscFormat2TrackAtOnce *tao, HRESULT (*getter)(IDiscFormat2TrackAtOnce *, LONG *))
{
    LONG value = -99;

    assert_hr(getter(tao, &value), S_OK);
    return value;
}
#define GET(tao, property) get(tao, (tao)->lpVtbl->get_##property)

static void add(IDiscFormat2TrackAtOnce *tao, uint64_t bytes, uint32_t seed)
{
    struct test_stream stream;

    stream_init(&stream, bytes, seed);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_int_equal(stream.refs, 1);
}

/* The track is the stream and then zeros, to the last sample. */
static void assert_track(struct bench *bench, int32_t lba, uint64_t bytes, uint32_t seed,
                         uint32_t blocks)
{
    struct transport *raw = raw_open(bench);
    uint8_t *data = malloc((size_t)blocks * SECTOR);

    raw_read(raw, lba, blocks, data);
    for (uint64_t i = 0; i < (uint64_t)blocks * SECTOR; i++) {
        uint8_t expected = i < bytes ? sample(seed, i) : 0;

        if (data[i] != expected) {
            fail_msg("byte %llu of the track at %d: expected %02X, got %02X", (unsigned long long)i,
                     lba, expected, data[i]);
        }
    }
    free(data);
    transport_close(raw);
}

static void three_tracks_are_read_back_to_the_last_sample(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);

    add(tao, 1000 * SECTOR, 1);
    assert_int_equal(GET(tao, NumberOfExistingTracks), 1);
    add(tao, 4, 2);                   /* one frame: padded to 4 s */
    add(tao, 500 * SECTOR + 1232, 3); /* no whole sectors: the last one is filled with zeros */
    assert_int_equal(GET(tao, NumberOfExistingTracks), 3);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    assert_track(bench, 0, 1000 * SECTOR, 1, 1000);
    assert_track(bench, 1152, 4, 2, 300); /* 1000 + 2 run-out + 150 gap */
    assert_track(bench, 1604, 500 * SECTOR + 1232, 3, 501);
}

static void the_toc_on_the_disc_is_the_one_that_was_expected(void **state)
{
    /* length 2+4*8 = 0022, tracks 1..3, then 00 ADR/CTL=10 track 00 LBA, lead-out AA at 1604+501+2
     */
    static const uint8_t expected[] = {
        0x00, 0x22, 0x01, 0x03,                         /* */
        0x00, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, /* 0 */
        0x00, 0x10, 0x02, 0x00, 0x00, 0x00, 0x04, 0x80, /* 1152 */
        0x00, 0x10, 0x03, 0x00, 0x00, 0x00, 0x06, 0x44, /* 1604 */
        0x00, 0x10, 0xAA, 0x00, 0x00, 0x00, 0x08, 0x3B, /* 2107 */
    };
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct transport *raw;
    uint8_t toc[64];
    SAFEARRAY *array;
    VARIANT *element;
    uint32_t sense;
    size_t got;

    add(tao, 1000 * SECTOR, 1);
    add(tao, 4, 2);
    add(tao, 500 * SECTOR + 1232, 3);
    assert_hr(tao->lpVtbl->get_ExpectedTableOfContents(tao, &array), S_OK);
    assert_int_equal(SafeArrayGetDim(array), 1);
    assert_int_equal(array->rgsabound[0].cElements, 1);
    assert_int_equal(array->rgsabound[0].lLbound, 0);
    element = array->pvData;
    assert_int_equal(element->vt, VT_BYREF | VT_UI1);
    assert_memory_equal(element->pbVal, expected, sizeof(expected));
    SafeArrayDestroy(array);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    raw = raw_open(bench);
    while (raw_command(raw, "43 00 00 00 00 00 00 00 40 00", toc, sizeof(toc), &got, &sense) &&
           sense >> 16 == 6) {
    }
    assert_int_equal(got, sizeof(expected));
    assert_memory_equal(toc, expected, sizeof(expected));
    transport_close(raw);
}

static void finalized_unless_told_otherwise(void **state)
{
    struct bench *bench = *state;
    struct transport *raw;
    uint8_t info[34];
    uint32_t sense;
    size_t got;

    for (int open = 0; open <= 1; open++) {
        IDiscFormat2TrackAtOnce *tao;

        bench_disc(bench, 359845);
        tao = ready_tao(bench);
        assert_hr(tao->lpVtbl->put_DoNotFinalizeMedia(tao, open ? VARIANT_TRUE : VARIANT_FALSE),
                  S_OK);
        assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
        add(tao, 300 * SECTOR, 1);
        assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
        RELEASE(tao);
        raw = raw_open(bench);
        while (
            raw_command(raw, "51 00 00 00 00 00 00 00 22 00", info, sizeof(info), &got, &sense) &&
            sense >> 16 == 6) {
        }
        /* finalized: last session complete (11), disc complete (10); open: session empty (00), disc
         * appendable (01) */
        assert_int_equal(info[2], open ? 0x01 : 0x0E);
        transport_close(raw);
    }
}

static void sectors_total_free_used(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao;

    bench_disc(bench, 20002); /* 20000 blocks and the run-out */
    tao = prepared_tao(bench);
    assert_int_equal(GET(tao, TotalSectorsOnMedia), 20000);
    assert_int_equal(GET(tao, FreeSectorsOnMedia), 20000);
    assert_int_equal(GET(tao, UsedSectorsOnMedia), 0);
    add(tao, 1000 * SECTOR, 1);
    assert_int_equal(GET(tao, TotalSectorsOnMedia), 20000);
    assert_int_equal(GET(tao, FreeSectorsOnMedia), 20000 - 1152);
    assert_int_equal(GET(tao, UsedSectorsOnMedia), 1152);
    RELEASE(tao);
}

static void a_stream_that_cannot_be_audio_is_refused_and_the_disc_stays_blank(void **state)
{
    static const uint64_t sizes[] = {0, 1, 2, 3, 5, 2351, 2353, 705601};
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    VARIANT_BOOL blank;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct test_stream stream;

        stream_init(&stream, sizes[i], 1);
        assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA050D);
        assert_int_equal(stream.refs, 1);
    }
    assert_int_equal(GET(tao, NumberOfExistingTracks), 0);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(tao->lpVtbl->get_MediaPhysicallyBlank(tao, &blank), S_OK);
    assert_int_equal(blank, -1);
    RELEASE(tao);
}

static void the_size_comes_from_stat_else_from_the_end_else_it_is_refused(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    stream_init(&stream, 350 * SECTOR, 7);
    stream.stat = E_NOTIMPL;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    stream_init(&stream, 350 * SECTOR, 7);
    stream.stat = E_NOTIMPL;
    stream.seek = E_NOTIMPL;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA050D);
    stream_init(&stream, 350 * SECTOR, 7);
    stream.seek = E_NOTIMPL; /* the size is known, but not whether it stands at its beginning */
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA050D);
    assert_int_equal(GET(tao, NumberOfExistingTracks), 1);
    RELEASE(tao);
    assert_int_equal(bench->disc[0], '/');
    assert_track(bench, 0, 350 * SECTOR, 7, 350);
}

static void reads_may_come_in_small_pieces(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    stream_init(&stream, 310 * SECTOR, 9);
    stream.most = 1001;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    RELEASE(tao);
    assert_track(bench, 0, 310 * SECTOR, 9, 310);
}

static void a_memory_stream_of_ours_works_as_well(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    uint8_t *bytes = malloc(301 * SECTOR);
    IStream *stream;

    for (size_t i = 0; i < 301 * SECTOR; i++) {
        bytes[i] = sample(5, i);
    }
    stream = SHCreateMemStream(bytes, 301 * SECTOR);
    assert_non_null(stream);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, stream), S_OK);
    assert_int_equal(RELEASE(stream), 0);
    free(bytes);
    RELEASE(tao);
    assert_track(bench, 0, 301 * SECTOR, 5, 301);
}

static void a_read_error_mid_track_closes_the_track_and_is_returned(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    stream_init(&stream, 2000 * SECTOR, 4);
    stream.fail_at = 1200 * SECTOR + 100;
    stream.failure = 0x8003001E; /* STG_E_READFAULT */
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0x8003001E);
    assert_int_equal(stream.refs, 1);
    assert_int_equal(GET(tao, NumberOfExistingTracks), 1);
    add(tao, 300 * SECTOR, 6); /* state S2, and the disc is good */
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    assert_track(bench, 0, 1200 * SECTOR + 100, 4, 1201);
    assert_track(bench, 1201 + 152, 300 * SECTOR, 6, 300);
}

static void a_read_error_soon_after_the_start_leaves_a_legal_track(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    stream_init(&stream, 2000 * SECTOR, 4);
    stream.fail_at = 3 * SECTOR;
    stream.failure = E_ACCESSDENIED;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0x80070005);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    assert_track(bench, 0, 3 * SECTOR, 4, 300);
}

static void a_read_error_before_the_first_byte_leaves_the_disc_blank(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;
    VARIANT_BOOL blank;

    stream_init(&stream, 2000 * SECTOR, 4);
    stream.fail_at = 0;
    stream.failure = E_FAIL;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0x80004005);
    assert_int_equal(GET(tao, NumberOfExistingTracks), 0);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    assert_hr(tao->lpVtbl->get_MediaPhysicallyBlank(tao, &blank), S_OK);
    assert_int_equal(blank, -1);
    RELEASE(tao);
}

static void a_stream_that_ends_early_is_told(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    stream_init(&stream, 2000 * SECTOR, 4);
    stream.ends_at = 900 * SECTOR;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0x80070026);
    assert_int_equal(GET(tao, NumberOfExistingTracks), 1);
    RELEASE(tao);
    assert_track(bench, 0, 900 * SECTOR, 4, 900);
}

static void a_stream_that_claims_more_than_was_asked_is_not_believed(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    stream_init(&stream, 400 * SECTOR, 4);
    stream.over_report = true;
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0x8000FFFF);
    RELEASE(tao);
}

static void a_full_disc_takes_the_last_sector_and_not_one_more(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao;
    struct test_stream stream;

    bench_disc(bench, 5002);
    tao = prepared_tao(bench);
    add(tao, 1000 * SECTOR, 1);
    assert_int_equal(GET(tao, FreeSectorsOnMedia), 5000 - 1152);
    stream_init(&stream, (5000 - 1152) * (uint64_t)SECTOR + 4, 2);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0509);
    assert_int_equal(GET(tao, NumberOfExistingTracks), 1);
    add(tao, (5000 - 1152) * (uint64_t)SECTOR, 3); /* the disc is still good */
    assert_int_equal(GET(tao, FreeSectorsOnMedia), 0);
    assert_int_equal(GET(tao, UsedSectorsOnMedia), 5000);
    stream_init(&stream, 4, 2);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0509);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    assert_track(bench, 0, 1000 * SECTOR, 1, 1000);
    assert_track(bench, 1152, (5000 - 1152) * (uint64_t)SECTOR, 3, 5000 - 1152);
}

static void a_size_beyond_all_discs_is_not_enough_space(void **state)
{
    IDiscFormat2TrackAtOnce *tao = prepared_tao(*state);
    struct test_stream stream;

    stream_init(&stream, UINT64_C(0x7FFFFFFFFFFFFFFC), 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0509);
    stream_init(&stream, UINT64_C(0xFFFFFFFFFFFFFFFC), 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0509);
    RELEASE(tao);
}

static void ninety_nine_tracks_and_no_more(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    struct test_stream stream;

    for (uint32_t i = 0; i < 99; i++) {
        add(tao, 4 * (i + 1), i);
    }
    assert_int_equal(GET(tao, NumberOfExistingTracks), 99);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0508);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    assert_track(bench, 98 * 452, 4 * 99, 98, 300);
}

static void quick_verification_passes_a_good_burn(void **state)
{
    struct bench *bench = *state;

    for (int open = 0; open <= 1; open++) {
        IDiscFormat2TrackAtOnce *tao;
        IBurnVerification *verification;
        IMAPI_BURN_VERIFICATION_LEVEL level;

        bench_disc(bench, 359845);
        tao = ready_tao(bench);
        assert_hr(tao->lpVtbl->QueryInterface(tao, &IID_IBurnVerification, (void **)&verification),
                  S_OK);
        assert_hr(verification->lpVtbl->put_BurnVerificationLevel(verification, 2), 0x80004001);
        assert_hr(verification->lpVtbl->put_BurnVerificationLevel(verification, 3), 0x80070057);
        assert_hr(verification->lpVtbl->put_BurnVerificationLevel(verification, 1), S_OK);
        assert_hr(verification->lpVtbl->get_BurnVerificationLevel(verification, &level), S_OK);
        assert_int_equal(level, 1);
        assert_hr(verification->lpVtbl->get_BurnVerificationLevel(verification, NULL), 0x80004003);
        RELEASE(verification);
        assert_hr(tao->lpVtbl->put_DoNotFinalizeMedia(tao, open ? VARIANT_TRUE : VARIANT_FALSE),
                  S_OK);
        assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
        add(tao, 1000 * SECTOR, 1);
        add(tao, 4, 1);
        assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
        RELEASE(tao);
    }
}

static void the_final_release_closes_the_session(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = prepared_tao(bench);
    VARIANT_BOOL supported;
    IDiscRecorder2 *recorder;

    add(tao, 300 * SECTOR, 1);
    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    assert_int_equal(RELEASE(tao), 0);
    tao = new_tao();
    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(put_name(tao, "Next"), S_OK);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), 0xC0AA0506); /* MEDIA_IS_NOT_BLANK, not LOCKED */
    assert_hr(tao->lpVtbl->IsCurrentMediaSupported(tao, recorder, &supported), S_OK);
    assert_int_equal(supported, -1);
    RELEASE(recorder);
    RELEASE(tao);
    assert_track(bench, 0, 300 * SECTOR, 1, 300);
}

static void a_cd_rw_is_burned_by_a_drive_that_says_it_writes_them(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao;
    IDiscRecorder2 *recorder;
    VARIANT_BOOL supported;
    IMAPI_MEDIA_PHYSICAL_TYPE type;

    bench_rewritable(bench);
    tao = ready_tao(bench);
    assert_hr(tao->lpVtbl->get_Recorder(tao, &recorder), S_OK);
    assert_hr(tao->lpVtbl->IsCurrentMediaSupported(tao, recorder, &supported), S_OK);
    assert_int_equal(supported, -1);
    assert_hr(tao->lpVtbl->get_CurrentPhysicalMediaType(tao, &type), S_OK);
    assert_int_equal(type, IMAPI_MEDIA_TYPE_CDRW);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    add(tao, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(recorder);
    RELEASE(tao);
    assert_track(bench, 0, 400 * SECTOR, 1, 400);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_tracks_are_read_back_to_the_last_sample),
        TEST(the_toc_on_the_disc_is_the_one_that_was_expected),
        TEST(finalized_unless_told_otherwise),
        TEST(sectors_total_free_used),
        TEST(a_stream_that_cannot_be_audio_is_refused_and_the_disc_stays_blank),
        TEST(the_size_comes_from_stat_else_from_the_end_else_it_is_refused),
        TEST(reads_may_come_in_small_pieces),
        TEST(a_memory_stream_of_ours_works_as_well),
        TEST(a_read_error_mid_track_closes_the_track_and_is_returned),
        TEST(a_read_error_soon_after_the_start_leaves_a_legal_track),
        TEST(a_read_error_before_the_first_byte_leaves_the_disc_blank),
        TEST(a_stream_that_ends_early_is_told),
        TEST(a_stream_that_claims_more_than_was_asked_is_not_believed),
        TEST(a_full_disc_takes_the_last_sector_and_not_one_more),
        TEST(a_size_beyond_all_discs_is_not_enough_space),
        TEST(ninety_nine_tracks_and_no_more),
        TEST(quick_verification_passes_a_good_burn),
        TEST(the_final_release_closes_the_session),
        TEST(a_cd_rw_is_burned_by_a_drive_that_says_it_writes_them),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}

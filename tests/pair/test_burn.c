/* SPDX-License-Identifier: MIT */
/* What IMAPIv2 burns is what READ CD reads: real audio, padding, a full disc, one sector too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/pair/pair.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

struct track {
    const char *name; /* a file in the folder VCDR_AUDIO */
    uint8_t *samples;
    size_t bytes;
    int32_t lba; /* where it has to lie */
    uint32_t blocks;
};

static uint32_t blocks_of(size_t bytes)
{
    uint32_t blocks = (uint32_t)((bytes + CD_RAW_BLOCK_BYTES - 1) / CD_RAW_BLOCK_BYTES);
    return blocks < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS : blocks;
}

static HRESULT add_file(IDiscFormat2TrackAtOnce *format, const char *path)
{
    IStream *stream;
    BSTR file;
    assert_int_equal(imapi2_bstr_from_utf8(path, &file), S_OK);
    assert_int_equal(SHCreateStreamOnFileEx(file, STGM_READ, 0, FALSE, NULL, &stream), S_OK);
    SysFreeString(file);
    HRESULT hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
    IStream_Release(stream);
    return hr;
}

static void load_and_burn(IDiscFormat2TrackAtOnce *format, struct track *tracks, unsigned count)
{
    int32_t lba = 0;
    for (unsigned i = 0; i < count; i++) {
        char path[4096];
        assert_non_null(getenv("VCDR_AUDIO"));
        snprintf(path, sizeof path, "%s/%s", getenv("VCDR_AUDIO"), tracks[i].name);
        tracks[i].samples = pair_load(path, &tracks[i].bytes);
        tracks[i].lba = lba;
        tracks[i].blocks = blocks_of(tracks[i].bytes);
        lba += (int32_t)tracks[i].blocks + 152; /* 2 run-out, 150 pre-gap */
        assert_int_equal(add_file(format, path), S_OK);
    }
}

static void assert_same(struct transport *transport, const struct track *track)
{
    size_t room = (size_t)track->blocks * CD_RAW_BLOCK_BYTES;
    uint8_t *read = malloc(room);
    assert_non_null(read);
    pair_read_audio(transport, track->lba, track->blocks, read);
    assert_memory_equal(read, track->samples, track->bytes);
    for (size_t i = track->bytes; i < room; i++)
        assert_int_equal(read[i], 0);
    free(read);
}

static void three_tracks_of_real_audio_come_back_the_same_and_padded_with_silence(void **state)
{
    (void)state;
    struct pair pair;
    struct track tracks[] = {{.name = "speech.pcm"}, {.name = "short.pcm"}, {.name = "odd.pcm"}};
    pair_start(&pair);
    IDiscRecorder2 *recorder = pair_recorder(&pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "Pair 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(format), S_OK);
    load_and_burn(format, tracks, 3);
    assert_int_equal(IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
    /* the audio is what this test is about */
    assert_true(tracks[0].bytes > 300 * CD_RAW_BLOCK_BYTES);
    assert_true(tracks[1].bytes < 4 * 176400);
    assert_true(tracks[2].bytes % CD_RAW_BLOCK_BYTES != 0);
    assert_true(tracks[2].bytes > 300 * CD_RAW_BLOCK_BYTES);
    struct transport *transport = pair_open(&pair);
    for (unsigned i = 0; i < 3; i++) {
        assert_same(transport, &tracks[i]);
        free(tracks[i].samples);
    }
    transport_close(transport);
    IDiscFormat2TrackAtOnce_Release(format);
    IDiscRecorder2_Release(recorder);
    pair_stop(&pair);
}

static void assert_samples(struct transport *transport, uint32_t seed, int32_t lba)
{
    uint8_t data[CD_RAW_BLOCK_BYTES], expected[CD_RAW_BLOCK_BYTES];
    pair_read_audio(transport, lba, 1, data);
    for (unsigned i = 0; i < sizeof expected; i++)
        expected[i] = pair_sample(seed, (uint64_t)lba * CD_RAW_BLOCK_BYTES + i);
    assert_memory_equal(data, expected, sizeof expected);
}

static HRESULT add_samples(IDiscFormat2TrackAtOnce *format, uint32_t seed, uint64_t bytes)
{
    IStream *stream = pair_stream(seed, bytes);
    HRESULT hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
    assert_int_equal(IStream_Release(stream), 0);
    return hr;
}

static void
one_sector_too_many_is_refused_and_the_disc_can_still_be_filled_to_the_last(void **state)
{
    (void)state;
    struct pair pair;
    LONG most;
    pair_start(&pair);
    IDiscRecorder2 *recorder = pair_recorder(&pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "Pair 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(format), S_OK);
    assert_int_equal(IDiscFormat2TrackAtOnce_get_FreeSectorsOnMedia(format, &most), S_OK);
    /* an 80-minute disc: its last possible lead-out lies before 79:59:74, less 2 run-out */
    assert_in_range(most, 359700, 359847);
    uint64_t bytes = (uint64_t)most * CD_RAW_BLOCK_BYTES;
    /* 4 bytes, one sample, need one sector more */
    assert_int_equal(add_samples(format, 1, bytes + 4), E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE);
    LONG tracks, left;
    assert_int_equal(IDiscFormat2TrackAtOnce_get_NumberOfExistingTracks(format, &tracks), S_OK);
    assert_int_equal(tracks, 0);
    assert_int_equal(IDiscFormat2TrackAtOnce_get_FreeSectorsOnMedia(format, &left), S_OK);
    assert_int_equal(left, most);
    assert_int_equal(add_samples(format, 2, bytes), S_OK);
    assert_int_equal(IDiscFormat2TrackAtOnce_get_FreeSectorsOnMedia(format, &left), S_OK);
    assert_int_equal(left, 0);
    assert_int_equal(add_samples(format, 3, 4), E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE);
    assert_int_equal(IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
    struct transport *transport = pair_open(&pair);
    for (int32_t lba = 0; lba < most; lba += 4999)
        assert_samples(transport, 2, lba);
    assert_samples(transport, 2, (int32_t)most - 1);
    transport_close(transport);
    IDiscFormat2TrackAtOnce_Release(format);
    IDiscRecorder2_Release(recorder);
    pair_stop(&pair);
}

static void ninety_nine_tracks_fit_and_the_hundredth_is_refused(void **state)
{
    (void)state;
    struct pair pair;
    pair_start(&pair);
    IDiscRecorder2 *recorder = pair_recorder(&pair);
    IDiscFormat2TrackAtOnce *format = pair_format(recorder, "Pair 1.0");
    assert_int_equal(IDiscFormat2TrackAtOnce_PrepareMedia(format), S_OK);
    for (uint32_t track = 1; track <= CD_MAX_TRACKS; track++)
        assert_int_equal(add_samples(format, track, CD_RAW_BLOCK_BYTES), S_OK);
    assert_int_equal(add_samples(format, 100, CD_RAW_BLOCK_BYTES),
                     E_IMAPI_DF2TAO_TRACK_LIMIT_REACHED);
    assert_int_equal(IDiscFormat2TrackAtOnce_ReleaseMedia(format), S_OK);
    struct transport *transport = pair_open(&pair);
    uint8_t data[CD_RAW_BLOCK_BYTES];
    pair_read_audio(transport, 98 * 452, 1, data); /* 300 blocks each, and 152 between */
    for (unsigned i = 0; i < sizeof data; i++)
        assert_int_equal(data[i], pair_sample(99, i));
    transport_close(transport);
    IDiscFormat2TrackAtOnce_Release(format);
    IDiscRecorder2_Release(recorder);
    pair_stop(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_tracks_of_real_audio_come_back_the_same_and_padded_with_silence),
        cmocka_unit_test(
            one_sector_too_many_is_refused_and_the_disc_can_still_be_filled_to_the_last),
        cmocka_unit_test(ninety_nine_tracks_fit_and_the_hundredth_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

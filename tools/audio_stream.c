/* SPDX-License-Identifier: MIT */
#include "audio_stream.h"
#include "reading_stream.h"
#include "verbs.h"
#include <sndfile.h>
#include <stdbool.h>
#include <stdlib.h>

#define FRAME_BYTES 4
#define CHUNK_FRAMES 4096

struct audio_stream {
    SNDFILE *file;
    uint64_t size;     /* bytes */
    uint64_t position; /* bytes; a multiple of FRAME_BYTES */
};

/* Whole frames; fewer than asked only at the end of the file, or where it cannot be decoded. */
static HRESULT read_frames(struct audio_stream *self, uint8_t *to, uint64_t frames, uint64_t *done)
{
    *done = 0;
    while (*done < frames) {
        short samples[CHUNK_FRAMES * 2];
        uint64_t left = frames - *done;
        sf_count_t now = left < CHUNK_FRAMES ? (sf_count_t)left : CHUNK_FRAMES;
        sf_count_t got = sf_readf_short(self->file, samples, now);
        for (sf_count_t i = 0; i < got * 2; i++) {
            *to++ = (uint8_t)((unsigned short)samples[i] & 0xFF);
            *to++ = (uint8_t)((unsigned short)samples[i] >> 8);
        }
        *done += (uint64_t)got;
        if (got < now)
            return STG_E_READFAULT; /* the header promised more frames */
    }
    return S_OK;
}

static HRESULT read_file(void *ctx, void *to, ULONG size, ULONG *got)
{
    struct audio_stream *self = ctx;
    uint64_t left = self->size - self->position, done;
    uint64_t bytes = size < left ? size : left;
    HRESULT hr = read_frames(self, to, bytes / FRAME_BYTES, &done);

    *got = (ULONG)(done * FRAME_BYTES);
    self->position += *got;
    if (FAILED(hr))
        return hr;
    return *got < size ? S_FALSE : S_OK;
}

static HRESULT seek_file(void *ctx, int64_t move, DWORD origin, uint64_t *position)
{
    struct audio_stream *self = ctx;
    int64_t base = 0, target;

    if (origin == STREAM_SEEK_CUR)
        base = (int64_t)self->position;
    else if (origin == STREAM_SEEK_END)
        base = (int64_t)self->size;
    else if (origin != STREAM_SEEK_SET)
        return STG_E_INVALIDFUNCTION;
    if (__builtin_add_overflow(base, move, &target) || target < 0 ||
        (uint64_t)target > self->size || target % FRAME_BYTES != 0)
        return STG_E_INVALIDFUNCTION;
    if ((uint64_t)target != self->position &&
        sf_seek(self->file, target / FRAME_BYTES, SEEK_SET) != target / FRAME_BYTES)
        return STG_E_SEEKERROR;
    self->position = (uint64_t)target;
    *position = self->position;
    return S_OK;
}

static HRESULT size_of_file(void *ctx, uint64_t *bytes)
{
    *bytes = ((struct audio_stream *)ctx)->size;
    return S_OK;
}

static void close_file(void *ctx)
{
    struct audio_stream *self = ctx;

    sf_close(self->file);
    free(self);
}

static const struct reading_source source = {read_file, seek_file, size_of_file, close_file};

/* Codings of 16 bits, and those that have no bit depth of their own. */
static bool sixteen_bits(int format)
{
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_ALAC_16:
    case SF_FORMAT_VORBIS:
        return true;
    default: /* libsndfile's list, which grows */
        return false;
    }
}

static int check(const char *path, const SF_INFO *info)
{
    if (info->samplerate != 44100)
        return fail(path, "%d samples a second: an audio track has 44100", info->samplerate);
    if (info->channels != 2)
        return fail(path, "%d channel%s: an audio track has 2", info->channels,
                    info->channels == 1 ? "" : "s");
    if (!sixteen_bits(info->format))
        return fail(path, "its samples are not of 16 bits");
    if (info->frames <= 0)
        return fail(path, "it is empty");
    return EXIT_DONE;
}

int audio_stream_open(const char *path, IStream **stream, uint64_t *bytes)
{
    SF_INFO info = {.format = 0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (file == NULL)
        return fail(path, "%s", sf_strerror(NULL));
    int status = check(path, &info);
    struct audio_stream *self = NULL;
    IStream *made = NULL;
    if (status == EXIT_DONE) {
        self = calloc(1, sizeof *self);
        made = self == NULL ? NULL : reading_stream_new(&source, self);
        if (made == NULL)
            status = fail(path, "out of memory");
    }
    if (status != EXIT_DONE) {
        free(self);
        sf_close(file);
        return status;
    }
    self->file = file;
    self->size = (uint64_t)info.frames * FRAME_BYTES;
    *stream = made;
    *bytes = self->size;
    return EXIT_DONE;
}

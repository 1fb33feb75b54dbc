/* SPDX-License-Identifier: MIT */
#include "audio_stream.h"
#include "verbs.h"
#include <sndfile.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_BYTES 4
#define CHUNK_FRAMES 4096

struct audio_stream {
    IStream iface;
    atomic_uint refs;
    SNDFILE *file;
    uint64_t size;     /* bytes */
    uint64_t position; /* bytes; a multiple of FRAME_BYTES */
};

static struct audio_stream *self_of(IStream *iface)
{
    return (struct audio_stream *)iface; /* its first member */
}

static HRESULT query_interface(IStream *iface, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_ISequentialStream) &&
        !IsEqualIID(iid, &IID_IStream))
        return E_NOINTERFACE;
    IStream_AddRef(iface);
    *out = iface;
    return S_OK;
}

static ULONG add_ref(IStream *iface)
{
    return atomic_fetch_add(&self_of(iface)->refs, 1) + 1;
}

static ULONG release(IStream *iface)
{
    struct audio_stream *self = self_of(iface);
    ULONG left = atomic_fetch_sub(&self->refs, 1) - 1;
    if (left == 0) {
        sf_close(self->file);
        free(self);
    }
    return left;
}

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

static HRESULT read_stream(IStream *iface, void *to, ULONG size, ULONG *read)
{
    struct audio_stream *self = self_of(iface);
    if (read != NULL)
        *read = 0;
    if (to == NULL)
        return STG_E_INVALIDPOINTER;
    uint64_t left = self->size - self->position, done;
    uint64_t bytes = size < left ? size : left;
    HRESULT hr = read_frames(self, to, bytes / FRAME_BYTES, &done);
    self->position += done * FRAME_BYTES;
    if (read != NULL)
        *read = (ULONG)(done * FRAME_BYTES);
    if (FAILED(hr))
        return hr;
    return done * FRAME_BYTES < size ? S_FALSE : S_OK;
}

static HRESULT seek(IStream *iface, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
{
    struct audio_stream *self = self_of(iface);
    int64_t base = 0;
    if (origin == STREAM_SEEK_CUR)
        base = (int64_t)self->position;
    else if (origin == STREAM_SEEK_END)
        base = (int64_t)self->size;
    else if (origin != STREAM_SEEK_SET)
        return STG_E_INVALIDFUNCTION;
    int64_t target = base + move.QuadPart;
    if (target < 0 || (uint64_t)target > self->size || target % FRAME_BYTES != 0)
        return STG_E_INVALIDFUNCTION;
    if ((uint64_t)target != self->position) {
        if (sf_seek(self->file, target / FRAME_BYTES, SEEK_SET) != target / FRAME_BYTES)
            return STG_E_SEEKERROR;
        self->position = (uint64_t)target;
    }
    if (position != NULL)
        position->QuadPart = (uint64_t)target;
    return S_OK;
}

static HRESULT stat_stream(IStream *iface, STATSTG *stat, DWORD flag)
{
    (void)flag;
    if (stat == NULL)
        return STG_E_INVALIDPOINTER;
    memset(stat, 0, sizeof *stat);
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = self_of(iface)->size;
    return S_OK;
}

/* A stream to read from: the rest of the interface is refused, as IStream allows. */
static HRESULT no_write(IStream *iface, const void *from, ULONG size, ULONG *written)
{
    (void)iface, (void)from, (void)size;
    if (written != NULL)
        *written = 0;
    return STG_E_ACCESSDENIED;
}

static HRESULT no_set_size(IStream *iface, ULARGE_INTEGER size)
{
    (void)iface, (void)size;
    return STG_E_ACCESSDENIED;
}

static HRESULT no_copy(IStream *iface, IStream *to, ULARGE_INTEGER size, ULARGE_INTEGER *read,
                       ULARGE_INTEGER *written)
{
    (void)iface, (void)to, (void)size, (void)read, (void)written;
    return E_NOTIMPL;
}

static HRESULT no_commit(IStream *iface, DWORD flags)
{
    (void)iface, (void)flags;
    return S_OK;
}

static HRESULT no_revert(IStream *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT no_region(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type)
{
    (void)iface, (void)offset, (void)size, (void)type;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT no_clone(IStream *iface, IStream **clone)
{
    (void)iface;
    if (clone != NULL)
        *clone = NULL;
    return E_NOTIMPL;
}

static const IStreamVtbl vtable = {
    .QueryInterface = query_interface,
    .AddRef = add_ref,
    .Release = release,
    .Read = read_stream,
    .Write = no_write,
    .Seek = seek,
    .SetSize = no_set_size,
    .CopyTo = no_copy,
    .Commit = no_commit,
    .Revert = no_revert,
    .LockRegion = no_region,
    .UnlockRegion = no_region,
    .Stat = stat_stream,
    .Clone = no_clone,
};

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
    if (status == EXIT_DONE && (self = calloc(1, sizeof *self)) == NULL)
        status = fail(path, "out of memory");
    if (status != EXIT_DONE) {
        sf_close(file);
        return status;
    }
    self->iface.lpVtbl = &vtable;
    atomic_init(&self->refs, 1);
    self->file = file;
    self->size = (uint64_t)info.frames * FRAME_BYTES;
    *stream = &self->iface;
    *bytes = self->size;
    return EXIT_DONE;
}

/* SPDX-License-Identifier: MIT */
/* The IStream itself; the verbs on it are in audio.c. */
#include "scenario/stream.h"
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct stream {
    IStream iface;
    atomic_uint refs;
    struct stream_shape shape;
    struct stream_watch watch;
    bool held; /* it has been */
    uint64_t position;
};

static struct stream *self_of(IStream *iface)
{
    return (struct stream *)(void *)iface;
}

/* ---- sound ---- */

/* Eight bytes at a time, each a different one (splitmix64's finalizer: well mixed, no state). */
static uint64_t mixed(uint32_t seed, uint64_t word)
{
    uint64_t z = word * 0x9E3779B97F4A7C15u + ((uint64_t)seed << 32 | seed);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    return z ^ (z >> 27);
}

/* 44,100 frames a second, two channels of 16 bits, the low byte first. */
static uint8_t tone(uint32_t hertz, uint64_t at)
{
    double turns = (double)(at / 4) * hertz / 44100.0;
    int16_t sample =
        (int16_t)(16384.0 * sin(2.0 * 3.14159265358979323846 * (turns - floor(turns))));

    return (uint8_t)((uint16_t)sample >> (at % 2 * 8));
}

void stream_bytes(const struct stream_shape *shape, uint64_t at, uint8_t *to, size_t length)
{
    for (size_t i = 0; i < length; i++, at++) {
        if (at >= shape->bytes)
            to[i] = 0;
        else if (shape->sound == STREAM_NOISE)
            to[i] = (uint8_t)(mixed(shape->seed, at / 8) >> (at % 8 * 8));
        else
            to[i] = shape->sound == STREAM_TONE ? tone(shape->hertz, at) : 0;
    }
}

/* ---- IStream ---- */

static HRESULT query_interface(IStream *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_ISequentialStream) &&
        !IsEqualIID(iid, &IID_IStream))
        return E_NOINTERFACE;
    atomic_fetch_add(&self_of(iface)->refs, 1);
    *out = iface;
    return S_OK;
}

static ULONG add_ref(IStream *iface)
{
    return atomic_fetch_add(&self_of(iface)->refs, 1) + 1;
}

static ULONG release(IStream *iface)
{
    ULONG left = atomic_fetch_sub(&self_of(iface)->refs, 1) - 1;

    if (left == 0)
        free(iface);
    return left;
}

static uint64_t end_of(const struct stream *self)
{
    const struct stream_shape *shape = &self->shape;

    return shape->ends_after < shape->bytes ? shape->ends_after : shape->bytes;
}

static void tell(struct stream *self, ULONG size)
{
    const struct stream_shape *shape = &self->shape;

    if (self->watch.reads)
        self->watch.reads(self->watch.ctx, self->position);
    if (self->watch.holds && !self->held && shape->hold_at < self->position + size) {
        self->held = true;
        self->watch.holds(self->watch.ctx);
    }
}

static HRESULT read_stream(IStream *iface, void *to, ULONG size, ULONG *got)
{
    struct stream *self = self_of(iface);
    const struct stream_shape *shape = &self->shape;
    uint64_t left;
    ULONG now;

    tell(self, size);
    if (self->position >= shape->fail_after) {
        if (got)
            *got = 0;
        return shape->fail_with;
    }
    if (size > shape->fail_after - self->position)
        size = (ULONG)(shape->fail_after - self->position);
    left = self->position < end_of(self) ? end_of(self) - self->position : 0;
    now = size < left ? size : (ULONG)left;
    stream_bytes(shape, self->position, to, now);
    self->position += now;
    if (got)
        *got = now;
    return now < size ? S_FALSE : S_OK;
}

static HRESULT write_stream(IStream *iface, const void *from, ULONG size, ULONG *put)
{
    (void)iface, (void)from, (void)size, (void)put;
    return STG_E_ACCESSDENIED;
}

static HRESULT seek(IStream *iface, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
{
    struct stream *self = self_of(iface);
    int64_t base = origin == STREAM_SEEK_CUR   ? (int64_t)self->position
                   : origin == STREAM_SEEK_END ? (int64_t)self->shape.bytes
                                               : 0;

    if (self->shape.no_seek)
        return E_NOTIMPL;
    if (base + move.QuadPart < 0)
        return STG_E_INVALIDFUNCTION;
    self->position = (uint64_t)(base + move.QuadPart);
    if (position)
        position->QuadPart = self->position;
    return S_OK;
}

static HRESULT stat_stream(IStream *iface, STATSTG *stat, DWORD flag)
{
    (void)flag;
    if (self_of(iface)->shape.no_stat)
        return E_NOTIMPL;
    memset(stat, 0, sizeof(*stat));
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = self_of(iface)->shape.bytes;
    return S_OK;
}

static HRESULT set_size(IStream *iface, ULARGE_INTEGER size)
{
    (void)iface, (void)size;
    return STG_E_ACCESSDENIED;
}

static HRESULT copy_to(IStream *iface, IStream *to, ULARGE_INTEGER size, ULARGE_INTEGER *got,
                       ULARGE_INTEGER *put)
{
    (void)iface, (void)to, (void)size, (void)got, (void)put;
    return E_NOTIMPL;
}

static HRESULT commit(IStream *iface, DWORD flags)
{
    (void)iface, (void)flags;
    return S_OK;
}

static HRESULT revert(IStream *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT region(IStream *iface, ULARGE_INTEGER at, ULARGE_INTEGER size, DWORD type)
{
    (void)iface, (void)at, (void)size, (void)type;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT clone(IStream *iface, IStream **out)
{
    (void)iface;
    *out = NULL;
    return E_NOTIMPL;
}

static const IStreamVtbl vtable = {
    .QueryInterface = query_interface,
    .AddRef = add_ref,
    .Release = release,
    .Read = read_stream,
    .Write = write_stream,
    .Seek = seek,
    .SetSize = set_size,
    .CopyTo = copy_to,
    .Commit = commit,
    .Revert = revert,
    .LockRegion = region,
    .UnlockRegion = region,
    .Stat = stat_stream,
    .Clone = clone,
};

IStream *stream_new(const struct stream_shape *shape, const struct stream_watch *watch)
{
    struct stream *self = calloc(1, sizeof(*self));

    if (!self)
        return NULL;
    self->iface.lpVtbl = (IStreamVtbl *)&vtable;
    atomic_init(&self->refs, 1);
    self->shape = *shape;
    if (watch)
        self->watch = *watch;
    return &self->iface;
}

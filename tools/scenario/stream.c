/* SPDX-License-Identifier: MIT */
/* What the IStream reads; the verbs on it are in audio.c. */
#include "scenario/stream.h"
#include "reading_stream.h"
#include <math.h>
#include <stdlib.h>

struct stream {
    struct stream_shape shape;
    struct stream_watch watch;
    bool held; /* it has been */
    uint64_t position;
};

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

/* ---- the source of an IStream ---- */

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

static HRESULT read_shape(void *ctx, void *to, ULONG size, ULONG *got)
{
    struct stream *self = ctx;
    const struct stream_shape *shape = &self->shape;
    uint64_t left;

    tell(self, size);
    if (self->position >= shape->fail_after)
        return shape->fail_with;
    if (size > shape->fail_after - self->position)
        size = (ULONG)(shape->fail_after - self->position);
    left = self->position < end_of(self) ? end_of(self) - self->position : 0;
    *got = size < left ? size : (ULONG)left;
    stream_bytes(shape, self->position, to, *got);
    self->position += *got;
    return *got < size ? S_FALSE : S_OK;
}

static HRESULT seek_shape(void *ctx, int64_t move, DWORD origin, uint64_t *position)
{
    struct stream *self = ctx;
    int64_t base = origin == STREAM_SEEK_CUR   ? (int64_t)self->position
                   : origin == STREAM_SEEK_END ? (int64_t)self->shape.bytes
                                               : 0;

    if (self->shape.no_seek)
        return E_NOTIMPL;
    if (base + move < 0)
        return STG_E_INVALIDFUNCTION;
    self->position = (uint64_t)(base + move);
    *position = self->position;
    return S_OK;
}

static HRESULT size_of_shape(void *ctx, uint64_t *bytes)
{
    const struct stream *self = ctx;

    if (self->shape.no_stat)
        return E_NOTIMPL;
    *bytes = self->shape.bytes;
    return S_OK;
}

static const struct reading_source source = {read_shape, seek_shape, size_of_shape, free};

IStream *stream_new(const struct stream_shape *shape, const struct stream_watch *watch)
{
    struct stream *self = calloc(1, sizeof(*self));
    IStream *stream;

    if (!self)
        return NULL;
    self->shape = *shape;
    if (watch)
        self->watch = *watch;
    stream = reading_stream_new(&source, self);
    if (!stream)
        free(self);
    return stream;
}

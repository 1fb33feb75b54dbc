/* SPDX-License-Identifier: MIT */
/* A stream of samples that are computed as they are read, so that 80 minutes need no memory. */
#include "tests/pair/pair.h"
#include <stdlib.h>
#include <string.h>

/* Eight bytes at a time, each a different one (splitmix64's finalizer: well mixed, no state). */
static uint64_t mixed(uint32_t seed, uint64_t word)
{
    uint64_t z = word * 0x9E3779B97F4A7C15u + seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    return z ^ (z >> 27);
}

uint8_t pair_sample(uint32_t seed, uint64_t i)
{
    return (uint8_t)(mixed(seed, i / 8) >> (8 * (i % 8)));
}

struct stream {
    IStream iface;
    ULONG refs; /* one thread at a time */
    uint32_t seed;
    uint64_t size, position;
    uint64_t call_at;
    void (*call)(void *ctx); /* NULL: none, or called already */
    void *call_ctx;
};

static struct stream *self_of(IStream *iface)
{
    return (struct stream *)iface;
}

static HRESULT query_interface(IStream *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IStream))
        return E_NOINTERFACE;
    self_of(iface)->refs++;
    *out = iface;
    return S_OK;
}

static ULONG add_ref(IStream *iface)
{
    return ++self_of(iface)->refs;
}

static ULONG release(IStream *iface)
{
    ULONG left = --self_of(iface)->refs;
    if (left == 0)
        free(iface);
    return left;
}

static HRESULT read_stream(IStream *iface, void *to, ULONG size, ULONG *read)
{
    struct stream *self = self_of(iface);
    uint64_t left = self->size - self->position;
    ULONG now = size < left ? size : (ULONG)left;
    uint8_t *byte = to;
    for (ULONG i = 0; i < now;) {
        uint64_t at = self->position + i;
        if (at % 8 == 0 && now - i >= 8) {
            uint64_t word = mixed(self->seed, at / 8); /* little-endian, as pair_sample has it */
            memcpy(byte + i, &word, 8);
            i += 8;
        } else {
            byte[i++] = pair_sample(self->seed, at);
        }
    }
    self->position += now;
    if (self->call != NULL && self->position > self->call_at) {
        void (*call)(void *) = self->call;
        self->call = NULL;
        call(self->call_ctx);
    }
    if (read != NULL)
        *read = now;
    return now < size ? S_FALSE : S_OK;
}

static HRESULT seek(IStream *iface, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
{
    struct stream *self = self_of(iface);
    int64_t base = origin == STREAM_SEEK_CUR   ? (int64_t)self->position
                   : origin == STREAM_SEEK_END ? (int64_t)self->size
                                               : 0;
    int64_t target = base + move.QuadPart;
    if (target < 0 || (uint64_t)target > self->size)
        return STG_E_INVALIDFUNCTION;
    self->position = (uint64_t)target;
    if (position != NULL)
        position->QuadPart = self->position;
    return S_OK;
}

static HRESULT stat_stream(IStream *iface, STATSTG *stat, DWORD flag)
{
    (void)flag;
    memset(stat, 0, sizeof *stat);
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = self_of(iface)->size;
    return S_OK;
}

/* Burning needs no more of a stream than this. */
static const IStreamVtbl vtable = {
    .QueryInterface = query_interface,
    .AddRef = add_ref,
    .Release = release,
    .Read = read_stream,
    .Seek = seek,
    .Stat = stat_stream,
};

IStream *pair_stream(uint32_t seed, uint64_t bytes)
{
    struct stream *self = calloc(1, sizeof *self);
    if (self == NULL)
        abort();
    self->iface.lpVtbl = (IStreamVtbl *)&vtable;
    self->refs = 1;
    self->seed = seed;
    self->size = bytes;
    return &self->iface;
}

void pair_stream_call(IStream *stream, uint64_t at, void (*fn)(void *ctx), void *ctx)
{
    struct stream *self = self_of(stream);
    self->call_at = at;
    self->call = fn;
    self->call_ctx = ctx;
}

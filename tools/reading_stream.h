/* SPDX-License-Identifier: MIT */
/*
 * An IStream to read from: its reference count, and the half of the interface that refuses, as
 * IStream allows. What is read comes from a source.
 */
#ifndef VCDR_TOOLS_READING_STREAM_H
#define VCDR_TOOLS_READING_STREAM_H

#include <imapi2.h>
#include <stdint.h>

/* Called by whoever calls the stream; its results are the stream's. */
struct reading_source {
    /* *got, 0 before, is the bytes that were read, on failure too; S_FALSE at the end. */
    HRESULT (*read)(void *ctx, void *to, ULONG size, ULONG *got);
    /* IStream::Seek; *position is where it stands afterwards. */
    HRESULT (*seek)(void *ctx, int64_t move, DWORD origin, uint64_t *position);
    HRESULT (*size)(void *ctx, uint64_t *bytes);
    void (*release)(void *ctx); /* frees ctx, at the last Release */
};

/* NULL without memory, and ctx is then the caller's still. `source` outlives the stream. */
IStream *reading_stream_new(const struct reading_source *source, void *ctx);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The write engine: from an IStream onto consecutive blocks of a drive, several WRITEs in flight
 * where the transport keeps their order. It knows nothing of tracks, sessions or formats.
 *
 * The client's stream and `progress` are foreign code: the caller holds no lock that they could
 * want. One thread a job; `cancelled` may be answered from anywhere.
 */
#ifndef VCDR_API_IMAPI_ENGINE_H
#define VCDR_API_IMAPI_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include "api/imapi/drive.h"

struct engine_progress {
    int32_t last_read_lba; /* of the block last read from the stream; start - 1 before the first */
    int32_t last_written_lba; /* of the block that the drive took last; likewise */
    uint32_t used_bytes;      /* read, and not yet taken by the drive */
};

struct engine_job {
    struct drive *drive;
    IStream *stream;       /* read from where it stands */
    uint64_t stream_bytes; /* to be read of it */
    int32_t start_lba;
    uint32_t block_bytes;
    uint32_t blocks;         /* to be written; those that the stream does not fill are zero */
    uint32_t minimum_blocks; /* zeros make what is broken off after a first block this long */
    bool (*cancelled)(void *ctx);
    void (*progress)(void *ctx, const struct engine_progress *progress); /* about every 0.5 s */
    void *ctx;
};

/* The buffer that a job over this drive has. */
uint32_t engine_buffer_bytes(const struct drive *drive, uint32_t block_bytes);

struct engine_result {
    uint32_t written; /* blocks that the drive took, padding included */
    uint32_t sense;   /* KKAAQQh of the WRITE that failed, or 0 */
};

/*
 * Returns when nothing is in flight any more; *result is set on failure as well. Failures:
 * E_OUTOFMEMORY, the stream's own, 0x80070026 when it ends before stream_bytes,
 * E_IMAPI_REQUEST_CANCELLED, the drive's.
 */
HRESULT engine_write(const struct engine_job *job, struct engine_result *result);

#endif

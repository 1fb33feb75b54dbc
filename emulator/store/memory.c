/* SPDX-License-Identifier: MIT */
/*
 * A store in memory: chunks made at their first write, found by index. What has no chunk is zero.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/store.h>

/* Large enough that a burn makes few of them, and taken from the kernel zeroed and untouched. */
#define CHUNK_BYTES ((uint64_t)256 * 1024)
/* 16 GiB: far above any disc, far below what would overflow the table. */
#define CHUNK_LIMIT ((uint64_t)65536)

struct memory {
    uint8_t **chunks; /* NULL: never written */
    size_t room;      /* entries of chunks */
    uint64_t size;
};

static int memory_size(void *ctx, uint64_t *size)
{
    const struct memory *memory = ctx;

    *size = memory->size;
    return VCDR_OK;
}

/* Bytes of [offset, offset + len) that lie in the chunk of offset. */
static size_t piece(uint64_t offset, size_t len)
{
    uint64_t left = CHUNK_BYTES - offset % CHUNK_BYTES;

    return len < left ? len : (size_t)left;
}

static int memory_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    const struct memory *memory = ctx;
    uint8_t *to = buf;

    while (len > 0) {
        size_t n = piece(offset, len);
        uint64_t i = offset / CHUNK_BYTES;

        if (i < memory->room && memory->chunks[i])
            memcpy(to, memory->chunks[i] + offset % CHUNK_BYTES, n);
        else
            memset(to, 0, n);
        to += n;
        offset += n;
        len -= n;
    }
    return VCDR_OK;
}

static int grow_table(struct memory *memory, uint64_t entries)
{
    size_t room = memory->room ? memory->room : 64;
    uint8_t **chunks;

    if (entries <= memory->room)
        return VCDR_OK;
    while (room < entries)
        room *= 2;
    chunks = realloc(memory->chunks, room * sizeof(*chunks));
    if (!chunks)
        return VCDR_ENOMEM;
    for (size_t i = memory->room; i < room; i++)
        chunks[i] = NULL;
    memory->chunks = chunks;
    memory->room = room;
    return VCDR_OK;
}

/* All chunks are made before the first byte is copied: a write happens whole or not at all. */
static int make_chunks(struct memory *memory, uint64_t first, uint64_t end)
{
    int rc = grow_table(memory, end);

    for (uint64_t i = first; rc == VCDR_OK && i < end; i++) {
        if (memory->chunks[i])
            continue;
        memory->chunks[i] = calloc(1, CHUNK_BYTES);
        if (!memory->chunks[i])
            rc = VCDR_ENOMEM;
    }
    return rc;
}

static int memory_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    struct memory *memory = ctx;
    const uint8_t *from = buf;
    uint64_t limit = CHUNK_LIMIT * CHUNK_BYTES;
    int rc;

    if (len == 0)
        return VCDR_OK;
    if (offset >= limit || len > limit - offset)
        return VCDR_EIO;
    rc = make_chunks(memory, offset / CHUNK_BYTES, (offset + len - 1) / CHUNK_BYTES + 1);
    if (rc != VCDR_OK)
        return rc;
    while (len > 0) {
        size_t n = piece(offset, len);

        memcpy(memory->chunks[offset / CHUNK_BYTES] + offset % CHUNK_BYTES, from, n);
        from += n;
        offset += n;
        len -= n;
    }
    if (memory->size < offset)
        memory->size = offset;
    return VCDR_OK;
}

static int memory_flush(void *ctx)
{
    (void)ctx;
    return VCDR_OK;
}

static void memory_close(void *ctx)
{
    struct memory *memory = ctx;

    for (size_t i = 0; i < memory->room; i++)
        free(memory->chunks[i]);
    free(memory->chunks);
    free(memory);
}

static const struct vcdr_store_ops memory_ops = {
    .size = memory_size,
    .read = memory_read,
    .write = memory_write,
    .flush = memory_flush,
    .close = memory_close,
};

int vcdr_store_memory(struct vcdr_store *out)
{
    struct memory *memory = calloc(1, sizeof(*memory));

    if (!memory)
        return VCDR_ENOMEM;
    *out = (struct vcdr_store){.ops = &memory_ops, .ctx = memory};
    return VCDR_OK;
}

/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/platter.h"

#include <string.h>
#include "tests/fuzz/must.h"

/* Large platters are slow to fuzz; a disc's log areas are 256 KiB, mostly zeros. */
enum { CHUNK = 16384, BUCKETS = 64, MOST_BYTES = 8 * 1024 * 1024 };

struct chunk {
    struct chunk *next;
    uint64_t index;
    uint8_t bytes[CHUNK];
};

/* A write since the last flush: what stood there, and what was written. */
struct pending {
    struct pending *before; /* newest first */
    uint64_t offset, size;  /* size: of the platter before it */
    size_t len;
    uint8_t *bytes; /* len of the old, then len of the new */
};

struct platter {
    struct chunk *buckets[BUCKETS];
    uint64_t size;
    size_t held; /* bytes in chunks and pending writes */
    struct pending *pending;
    unsigned fail_from;
    bool failed;
};

struct platter *platter_new(void)
{
    struct platter *platter = calloc(1, sizeof(*platter));

    MUST(platter != NULL);
    return platter;
}

static struct chunk *chunk_at(struct platter *platter, uint64_t index, bool make);

static struct platter *copy(const struct platter *from)
{
    struct platter *to = platter_new();

    for (unsigned b = 0; b < BUCKETS; b++)
        for (const struct chunk *chunk = from->buckets[b]; chunk != NULL; chunk = chunk->next)
            memcpy(chunk_at(to, chunk->index, true)->bytes, chunk->bytes, CHUNK);
    to->size = from->size;
    return to;
}

/* Made once for each geometry: it takes longer than many a fuzzed input. */
struct platter *platter_blank(const struct vcdr_geometry *geometry)
{
    static struct {
        struct vcdr_geometry geometry;
        struct platter *blank;
    } known[32];
    unsigned i = 0;

    while (known[i].blank != NULL &&
           (known[i].geometry.medium != geometry->medium ||
            known[i].geometry.last_lead_out_lba != geometry->last_lead_out_lba))
        MUST(++i < sizeof(known) / sizeof(known[0]));
    if (known[i].blank == NULL) {
        known[i].geometry = *geometry;
        known[i].blank = platter_new();
        MUST(vcdr_disc_create(platter_store(known[i].blank), geometry, 7) == VCDR_OK);
    }
    return copy(known[i].blank);
}

static void forget_pending(struct platter *platter)
{
    while (platter->pending != NULL) {
        struct pending *pending = platter->pending;

        platter->pending = pending->before;
        platter->held -= 2 * pending->len;
        free(pending->bytes);
        free(pending);
    }
}

void platter_free(struct platter *platter)
{
    forget_pending(platter);
    for (unsigned b = 0; b < BUCKETS; b++) {
        while (platter->buckets[b] != NULL) {
            struct chunk *chunk = platter->buckets[b];

            platter->buckets[b] = chunk->next;
            free(chunk);
        }
    }
    free(platter);
}

/* ---- bytes ---- */

static struct chunk *chunk_at(struct platter *platter, uint64_t index, bool make)
{
    struct chunk **bucket = &platter->buckets[index % BUCKETS];
    struct chunk *chunk = *bucket;

    while (chunk != NULL && chunk->index != index)
        chunk = chunk->next;
    if (chunk != NULL || !make)
        return chunk;
    chunk = calloc(1, sizeof(*chunk));
    MUST(chunk != NULL);
    chunk->index = index;
    chunk->next = *bucket;
    *bucket = chunk;
    platter->held += CHUNK;
    return chunk;
}

static bool all_zero(const uint8_t *bytes, size_t len)
{
    return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

static size_t piece(uint64_t offset, size_t len)
{
    size_t left = CHUNK - (size_t)(offset % CHUNK);

    return len < left ? len : left;
}

static void put(struct platter *platter, uint64_t offset, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        size_t n = piece(offset, len);
        struct chunk *chunk = chunk_at(platter, offset / CHUNK, !all_zero(bytes, n));

        if (chunk != NULL)
            memcpy(chunk->bytes + offset % CHUNK, bytes, n);
        bytes += n;
        offset += n;
        len -= n;
    }
    if (platter->size < offset)
        platter->size = offset;
}

static void get(struct platter *platter, uint64_t offset, uint8_t *bytes, size_t len)
{
    while (len > 0) {
        size_t n = piece(offset, len);
        const struct chunk *chunk = chunk_at(platter, offset / CHUNK, false);

        if (chunk != NULL)
            memcpy(bytes, chunk->bytes + offset % CHUNK, n);
        else
            memset(bytes, 0, n);
        bytes += n;
        offset += n;
        len -= n;
    }
}

/* ---- faults ---- */

void platter_fail_from(struct platter *platter, unsigned n)
{
    platter->fail_from = n;
}

bool platter_failed(const struct platter *platter)
{
    return platter->failed;
}

void platter_mend(struct platter *platter)
{
    platter->fail_from = 0;
    platter->failed = false;
}

static bool fails(struct platter *platter)
{
    if (platter->fail_from > 1)
        platter->fail_from--;
    else if (platter->fail_from == 1)
        platter->failed = true;
    return platter->fail_from == 1 && platter->failed;
}

static struct pending *oldest_first(struct pending *newest)
{
    struct pending *oldest = NULL;

    while (newest != NULL) {
        struct pending *before = newest->before;

        newest->before = oldest;
        oldest = newest;
        newest = before;
    }
    return oldest;
}

void platter_cut(struct platter *platter, uint8_t kept, uint8_t torn)
{
    unsigned i = 0;

    for (const struct pending *p = platter->pending; p != NULL; p = p->before) {
        put(platter, p->offset, p->bytes, p->len);
        platter->size = p->size;
    }
    platter->pending = oldest_first(platter->pending);
    for (const struct pending *p = platter->pending; p != NULL; p = p->before, i++) {
        if (kept >> i % 8 & 1)
            put(platter, p->offset, p->bytes + p->len, torn >> i % 8 & 1 ? p->len / 2 : p->len);
    }
    forget_pending(platter);
}

/* ---- the store ---- */

static int store_size(void *ctx, uint64_t *size)
{
    *size = ((struct platter *)ctx)->size;
    return VCDR_OK;
}

static int store_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    get(ctx, offset, buf, len);
    return VCDR_OK;
}

static int store_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    struct platter *platter = ctx;
    struct pending *pending;

    if (fails(platter) || platter->held + 2 * len > MOST_BYTES) {
        platter->failed = true;
        return VCDR_EIO;
    }
    pending = malloc(sizeof(*pending));
    MUST(pending != NULL);
    *pending = (struct pending){platter->pending, offset, platter->size, len, malloc(2 * len + 1)};
    MUST(pending->bytes != NULL);
    get(platter, offset, pending->bytes, len);
    memcpy(pending->bytes + len, buf, len);
    platter->pending = pending;
    platter->held += 2 * len;
    put(platter, offset, buf, len);
    return VCDR_OK;
}

static int store_flush(void *ctx)
{
    struct platter *platter = ctx;

    if (fails(platter))
        return VCDR_EIO;
    forget_pending(platter);
    return VCDR_OK;
}

static void store_close(void *ctx)
{
    (void)ctx;
}

static const struct vcdr_store_ops ops = {
    .size = store_size,
    .read = store_read,
    .write = store_write,
    .flush = store_flush,
    .close = store_close,
};

struct vcdr_store platter_store(struct platter *platter)
{
    return (struct vcdr_store){.ops = &ops, .ctx = platter};
}

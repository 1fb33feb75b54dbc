/* SPDX-License-Identifier: MIT */
/*
 * A rehearsal (Test Write): everything runs as usual over a store that keeps nothing, and in the
 * end the disc is again the one that was put aside.
 */
#include <stdlib.h>
#include <string.h>

#include "disc_private.h"

/* ---- a store that keeps nothing; its context is the disc that was put aside ---- */

static int rehearsal_size(void *ctx, uint64_t *size)
{
    const struct vcdr_disc *kept = ctx;

    return kept->store.ops->size(kept->store.ctx, size);
}

static int rehearsal_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    const struct vcdr_disc *kept = ctx;

    return kept->store.ops->read(kept->store.ctx, offset, buf, len);
}

static int rehearsal_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    (void)ctx;
    (void)offset;
    (void)buf;
    (void)len;
    return VCDR_OK;
}

static int rehearsal_flush(void *ctx)
{
    (void)ctx;
    return VCDR_OK;
}

/* The true store stays open: vcdr_disc_abandon ends the rehearsal before it closes one. */
static void rehearsal_close(void *ctx)
{
    (void)ctx;
}

static const struct vcdr_store_ops rehearsal_ops = {
    .size = rehearsal_size,
    .read = rehearsal_read,
    .write = rehearsal_write,
    .flush = rehearsal_flush,
    .close = rehearsal_close,
};

/* ---- the calls ---- */

int vcdr_disc_rehearse(struct vcdr_disc *disc)
{
    struct vcdr_disc *kept;

    if (disc->failed)
        return VCDR_EIO;
    if (disc->kept)
        return VCDR_ESTATE;
    kept = malloc(sizeof(*kept));
    if (!kept)
        return VCDR_ENOMEM;
    memcpy(kept, disc, sizeof(*kept));
    disc->kept = kept;
    disc->store = (struct vcdr_store){.ops = &rehearsal_ops, .ctx = kept};
    disc->info.rehearsal = true;
    disc->info.generation++;
    return VCDR_OK;
}

void vcdr_disc_rehearsal_end(struct vcdr_disc *disc)
{
    struct vcdr_disc *kept = disc->kept;
    uint64_t generation = disc->info.generation;

    if (!kept)
        return;
    memcpy(disc, kept, sizeof(*disc));
    disc->info.generation = generation + 1;
    free(kept);
}

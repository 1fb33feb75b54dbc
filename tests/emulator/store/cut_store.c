/* SPDX-License-Identifier: MIT */
#include "cut_store.h"

#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
    if (!p)
        abort();
    return p;
}

/* True when the operation is to fail. */
static bool step(struct cut_store *cut)
{
    cut->ops++;
    if (cut->dies_at == 0)
        return false;
    return cut->fail_once ? cut->ops == cut->dies_at : cut->ops >= cut->dies_at;
}

static void remember(struct cut_store *cut, uint64_t offset, const void *data, size_t len)
{
    struct cut_write *write;

    if (cut->count == cut->room) {
        cut->room = cut->room ? cut->room * 2 : 64;
        cut->writes = must(realloc(cut->writes, cut->room * sizeof(*cut->writes)));
    }
    write = &cut->writes[cut->count++];
    *write = (struct cut_write){.offset = offset, .len = len, .data = must(malloc(len + 1))};
    memcpy(write->data, data, len);
}

static int cut_size(void *ctx, uint64_t *size)
{
    struct cut_store *cut = ctx;

    return cut->live.ops->size(cut->live.ctx, size);
}

static int cut_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    struct cut_store *cut = ctx;

    if (cut->count_reads && step(cut))
        return VCDR_EIO;
    return cut->live.ops->read(cut->live.ctx, offset, buf, len);
}

static int cut_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    struct cut_store *cut = ctx;
    bool dead = cut->dies_at > 0 && !cut->fail_once && cut->ops >= cut->dies_at;

    if (step(cut)) {
        if (!dead) /* the write under way may have got anywhere */
            remember(cut, offset, buf, len);
        return VCDR_EIO;
    }
    remember(cut, offset, buf, len);
    return cut->live.ops->write(cut->live.ctx, offset, buf, len);
}

static int cut_flush(void *ctx)
{
    struct cut_store *cut = ctx;

    if (step(cut))
        return VCDR_EIO;
    cut->flushed = cut->count;
    return VCDR_OK;
}

static void cut_close(void *ctx)
{
    (void)ctx;
}

static const struct vcdr_store_ops cut_ops = {
    .size = cut_size,
    .read = cut_read,
    .write = cut_write,
    .flush = cut_flush,
    .close = cut_close,
};

void cut_init(struct cut_store *cut)
{
    memset(cut, 0, sizeof(*cut));
    if (vcdr_store_memory(&cut->live) != VCDR_OK)
        abort();
}

struct vcdr_store cut_store(struct cut_store *cut)
{
    return (struct vcdr_store){.ops = &cut_ops, .ctx = cut};
}

/* SplitMix64: the same seed gives the same cut on every machine. */
static unsigned chance(uint64_t *state, unsigned below)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (unsigned)((z ^ z >> 31) % below);
}

static void survive(struct cut_store *to, const struct cut_write *write, size_t len)
{
    remember(to, write->offset, write->data, len);
    if (len > 0)
        to->live.ops->write(to->live.ctx, write->offset, write->data, len);
}

/* How much of an unflushed write survives: none, all, or a prefix, half of them cut between
 * records. */
static size_t prefix(uint64_t *state, size_t len)
{
    switch (chance(state, 4)) {
    case 0:
        return 0;
    case 1:
        return len;
    case 2:
        return chance(state, (unsigned)(len / 128) + 1) * (size_t)128;
    default:
        return chance(state, (unsigned)len + 1);
    }
}

void cut_after(struct cut_store *to, const struct cut_store *from, unsigned seed)
{
    size_t pending = from->count - from->flushed;
    size_t *order = must(calloc(pending + 1, sizeof(*order)));
    uint64_t state = seed;

    cut_init(to);
    for (size_t i = 0; i < from->flushed; i++)
        survive(to, &from->writes[i], from->writes[i].len);
    for (size_t i = 0; i < pending; i++)
        order[i] = from->flushed + i;
    for (size_t i = pending; seed > 1 && i > 1; i--) {
        size_t j = chance(&state, (unsigned)i), swapped = order[i - 1];

        order[i - 1] = order[j];
        order[j] = swapped;
    }
    for (size_t i = 0; seed != 1 && i < pending; i++) {
        const struct cut_write *write = &from->writes[order[i]];

        survive(to, write, seed == 0 ? write->len : prefix(&state, write->len));
    }
    to->flushed = to->count;
    free(order);
}

void cut_free(struct cut_store *cut)
{
    for (size_t i = 0; i < cut->count; i++)
        free(cut->writes[i].data);
    free(cut->writes);
    cut->live.ops->close(cut->live.ctx);
}

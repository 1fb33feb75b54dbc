/* SPDX-License-Identifier: MIT */
/*
 * A store that loses its power. It counts operations; at the one it was told to it dies: that
 * operation and all later ones fail with VCDR_EIO. What a new owner then finds is a choice that the
 * seed makes, within what vcdr/store.h allows: all that was flushed, and of the unflushed writes
 * any subset, in any order, each in any prefix.
 */
#ifndef CUT_STORE_H
#define CUT_STORE_H

#include <stdbool.h>
#include <vcdr/store.h>

struct cut_write {
    uint64_t offset;
    size_t len;
    uint8_t *data;
};

struct cut_store {
    struct vcdr_store live; /* memory: what its present owner sees */
    struct cut_write *writes;
    size_t count, room;
    size_t flushed;   /* writes before this one survive */
    unsigned ops;     /* reads, writes and flushes so far */
    unsigned dies_at; /* the operation that does not succeed; 0: never */
    bool fail_once;   /* only that operation fails: an I/O error, not a power cut */
    bool count_reads;
};

void cut_init(struct cut_store *cut);
/* The store to hand to a disc. Closing it leaves the history here. */
struct vcdr_store cut_store(struct cut_store *cut);
/* What remains of `from` after the cut, as a store of its own with nothing pending. Seed 0: every
 * write survives whole, as after kill -9; 1: none that was not flushed; others: chance. */
void cut_after(struct cut_store *to, const struct cut_store *from, unsigned seed);
void cut_free(struct cut_store *cut);

#endif

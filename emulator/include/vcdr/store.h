/* SPDX-License-Identifier: MIT */
/*
 * A store: where a disc's bytes lie. A flat, sparse, growing array of bytes; it knows nothing of CDs.
 * The disc is written against this struct of functions, so that a test can put memory, a fault or a
 * power cut behind it.
 */
#ifndef VCDR_STORE_H
#define VCDR_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <vcdr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Contract of every member: `ctx` is the store's own; offsets and lengths are bytes; return 0 or a
 * negative enum vcdr_error. A store is used by one thread at a time.
 */
struct vcdr_store_ops {
    /* Bytes from the first to the end of the last ever written. */
    int (*size)(void *ctx, uint64_t *size);
    /* Reads exactly len bytes; what was never written, or lies beyond the size, reads as zeros. */
    int (*read)(void *ctx, uint64_t offset, void *buf, size_t len);
    /* Writes exactly len bytes, growing the store; durable only after flush. */
    int (*write)(void *ctx, uint64_t offset, const void *buf, size_t len);
    /* All earlier writes survive a power cut once this has returned 0; until then any subset of
     * them, each in any prefix of it, may. */
    int (*flush)(void *ctx);
    /* Frees the store. Does not flush. */
    void (*close)(void *ctx);
};

struct vcdr_store {
    const struct vcdr_store_ops *ops;
    void *ctx;
};

/* A store in memory (sparse, grown by chunks); contents die with close. */
int vcdr_store_memory(struct vcdr_store *out);

/*
 * A file. `create` makes it and fails with VCDR_EEXIST where it is there already; otherwise it must
 * exist. The file is locked against other processes (and other opens of this one) while it is open:
 * VCDR_EBUSY. `read_only` opens without the right to write and without keeping other readers away.
 */
enum vcdr_store_file_flags { VCDR_STORE_CREATE = 1, VCDR_STORE_READ_ONLY = 2 };
int vcdr_store_file(const char *path, unsigned flags, struct vcdr_store *out);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/*
 * IStream over a store of bytes: memory (stream_memory.c) or a file (stream_file.c). A store is
 * shared by the stream and its clones, counted, and has one lock: every call into it is made with
 * the lock held, and none of them calls foreign code.
 */
#ifndef VCDR_API_COM_STREAM_H
#define VCDR_API_COM_STREAM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "imapi2.h"

struct com_store;
struct com_store_ops {
    /* Up to len bytes from at; *done is less only at the end. */
    HRESULT (*read)(struct com_store *store, ULONGLONG at, void *buf, ULONG len, ULONG *done);
    /* len bytes to at, which may lie behind the end: what is skipped reads as zeros. */
    HRESULT (*write)
    (struct com_store *store, ULONGLONG at, const void *buf, ULONG len, ULONG *done);
    HRESULT (*resize)(struct com_store *store, ULONGLONG size);
    HRESULT (*flush)(struct com_store *store);
    /* Size and times; the name, for CoTaskMemFree, if it is wanted. The rest is zero and stays. */
    HRESULT (*stat)(struct com_store *store, STATSTG *stat, bool with_name);
    void (*destroy)(struct com_store *store); /* frees the store as well */
};

struct com_store {
    const struct com_store_ops *ops;
    pthread_mutex_t lock;
    atomic_uint refs;
    DWORD mode; /* STGM_READ, STGM_WRITE or STGM_READWRITE, and the sharing flags as given */
};

#define COM_STORE_MAX ((ULONGLONG)INT64_MAX)

/* One reference. */
void com_store_init(struct com_store *store, const struct com_store_ops *ops, DWORD mode);
/* A stream at position 0 that takes over the caller's reference, also when it fails. */
HRESULT com_stream_create(struct com_store *store, IStream **stream);

#endif

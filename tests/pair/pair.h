/* SPDX-License-Identifier: MIT */
/*
 * Both halves at once: a disc, a drive that holds it, and programs of the API on it. The
 * environment's VCDR_PAIR says which drive: "embedded", or "iscsi" for one in a tgtd that VCDR
 * starts.
 */
#ifndef VCDR_TESTS_PAIR_H
#define VCDR_TESTS_PAIR_H

#define COBJMACROS
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2_linux.h>
#include "api/transport/transport.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pair {
    char folder[64];
    char disc[96], record[96]; /* files in it */
    char url[512];
    pid_t daemon; /* 0 for an embedded drive */
};

bool pair_is_iscsi(void);

/* A blank 80-minute disc in a drive that is up. Fails the test where that cannot be. */
void pair_start(struct pair *pair);
/* The same; the drive has this rule of faults (docs/faults.md). */
void pair_start_with(struct pair *pair, const char *fault);
/* The fault is over. A drive whose power has failed is on again: in a daemon of its own, anew. */
void pair_end_faults(struct pair *pair, bool power_failed);
/* Ends the daemon cleanly, and takes the folder away. */
void pair_stop(struct pair *pair);

/* An initialized recorder, a nexus of its own. */
IDiscRecorder2 *pair_recorder(const struct pair *pair);
/* A format on that recorder with that client name. */
IDiscFormat2TrackAtOnce *pair_format(IDiscRecorder2 *recorder, const char *name);

/* Asserts that this recorder names this owner ("" for none). */
void pair_assert_owner(IDiscRecorder2 *recorder, const char *expected);

/* Reads blocks by READ CD, user data, over a transport of its own; asserts that all came. */
struct transport *pair_open(const struct pair *pair);
void pair_read_audio(struct transport *transport, int32_t lba, uint32_t blocks, uint8_t *data);

/* A whole file; the caller frees it. */
uint8_t *pair_load(const char *path, size_t *size);

/* Samples that differ from block to block: byte `i` of a track that is told by `seed`. */
uint8_t pair_sample(uint32_t seed, uint64_t i);

/* A stream of `bytes` such samples that keeps none of them. */
IStream *pair_stream(uint32_t seed, uint64_t bytes);

/* Calls `fn` once, from the Read that first reaches byte `at`. */
void pair_stream_call(IStream *stream, uint64_t at, void (*fn)(void *ctx), void *ctx);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A file that an image's blocks come from: bytes, bytes with audio samples the other way round, or
 * samples that libsndfile reads. It hands out whole blocks and knows neither cue sheets nor discs.
 */
#ifndef VCDR_IMAGE_SOURCE_H
#define VCDR_IMAGE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

struct source;

enum source_kind { SOURCE_BYTES, SOURCE_SWAPPED, SOURCE_SOUND };

/* `name` is the path and is what *why calls it; copied. Sound must be 44.1 kHz stereo. */
int source_open(const char *name, enum source_kind kind, struct source **out, char **why);
void source_close(struct source *source); /* NULL is allowed */

enum source_kind source_kind(const struct source *source);
/* Length in bytes; that of sound as 16-bit samples. */
uint64_t source_bytes(const struct source *source);
/* Reads exactly len bytes at an offset (for sound, a multiple of 4); what lies beyond the end of
 * sound reads as zeros, beyond the end of a file it is an error. */
int source_read(struct source *source, uint64_t offset, void *buf, uint32_t len, char **why);

#endif

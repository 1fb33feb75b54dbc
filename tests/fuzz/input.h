/* SPDX-License-Identifier: MIT */
/* A fuzz target's input, read from the front. What is not there any more reads as zero. */
#ifndef VCDR_TESTS_FUZZ_INPUT_H
#define VCDR_TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer and replay.c call. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t left;
};

uint8_t take_u8(struct input *in);
uint16_t take_be16(struct input *in);
uint32_t take_be32(struct input *in);
/* Fills all of `to`. */
void take_bytes(struct input *in, void *to, size_t len);
/* A copy of the next `len` bytes in a block of exactly that size, so that a read beyond it is seen;
 * the caller frees it. */
uint8_t *take_block(struct input *in, size_t len);
/* A NUL-terminated copy of the bytes up to the next NUL, `most` or the end; the caller frees it. */
char *take_text(struct input *in, size_t most);

#endif

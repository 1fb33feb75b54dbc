/* SPDX-License-Identifier: MIT */
/* Bytes written as hex, in a buffer of exactly their length, so that ASan sees a byte too far. */
#ifndef VCDR_TESTS_API_MMC_HEX_H
#define VCDR_TESTS_API_MMC_HEX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct bytes {
    uint8_t *data; /* never NULL */
    size_t len;
};

/* "00 1A ..", spaces and newlines free; "*N" repeats the byte before it, N in all (decimal). Lives
 * until hex_free. */
struct bytes hex(const char *text);
struct bytes hex_cut(struct bytes whole, size_t len);
void hex_free(struct bytes bytes);

/* A CDB as it must be: `len` bytes of hex, the rest of the 16 zero. */
void assert_cdb(uint8_t returned_len, const uint8_t cdb[16], const char *expected);

#endif

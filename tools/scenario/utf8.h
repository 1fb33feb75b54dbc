/* SPDX-License-Identifier: MIT */
/* UTF-8, byte by byte. */
#ifndef VCDR_TOOLS_SCENARIO_UTF8_H
#define VCDR_TOOLS_SCENARIO_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* One character, surrogates included, of `left` bytes; the bytes taken, 0 for what is none. */
unsigned utf8_decode(const char *at, size_t left, uint32_t *out);
/* The bytes of the character that a NUL-terminated text begins with; 0 for what no UTF-8 may have.
 */
size_t utf8_length(const char *at);

#endif

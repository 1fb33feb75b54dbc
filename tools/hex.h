/* SPDX-License-Identifier: MIT */
/* Bytes as hex, out and in. */
#ifndef VCDR_TOOLS_HEX_H
#define VCDR_TOOLS_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Two digits a byte; blanks and colons between bytes are passed over. Returns the number of bytes,
 * or -1 where the text is no hex or needs more than `size` bytes. */
int hex_parse(const char *text, uint8_t *bytes, size_t size);

/* Sixteen bytes a line: offset, hex, printable characters. */
void hex_dump(const void *bytes, size_t length, FILE *to);

#endif

/* SPDX-License-Identifier: MIT */
/* CRC-32 as IEEE 802.3 has it; guards the header and the log of the file format. */
#ifndef VCDR_DISC_CRC32_H
#define VCDR_DISC_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Check value: the nine characters "123456789" give CBF43926h. */
uint32_t crc32_of(const void *data, size_t len);
/* The same over pieces: `crc` is that of the bytes before, 0 of none. */
uint32_t crc32_more(uint32_t crc, const void *data, size_t len);

#endif

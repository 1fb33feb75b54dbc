/* SPDX-License-Identifier: MIT */
/* A reader's own check of a mode 1 sector of 2352 bytes, from ECMA-130 alone: sync, header, EDC,
 * ECC. */
#ifndef VCDR_TESTS_PAIR_SECTOR_H
#define VCDR_TESTS_PAIR_SECTOR_H

#include <stdint.h>

/* NULL, or what is wrong with the sector that is said to lie at this LBA. */
const char *sector_fault(const uint8_t sector[2352], int32_t lba);

#endif

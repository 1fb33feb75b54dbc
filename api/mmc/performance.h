/* SPDX-License-Identifier: MIT */
/* GET PERFORMANCE, type 03h: write speed descriptors (MMC-6 6.8.5.3). */
#ifndef VCDR_API_MMC_PERFORMANCE_H
#define VCDR_API_MMC_PERFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_PERFORMANCE_BYTES(descriptors) (8 + 16 * (size_t)(descriptors))

struct mmc_performance_speed {
    uint8_t rotation; /* write rotation control: 0 CLV, 1 CAV */
    bool exact;
    int32_t end_lba; /* last block of the medium */
    uint32_t read_kb_s, write_kb_s;
};

/* How many descriptors the drive has, from the first 8 bytes, however many were asked for. */
enum mmc_result mmc_performance_count(const void *data, size_t len, size_t *count);
/* Descriptor `index` of a reply; MMC_ABSENT when the drive has no such; MMC_SHORT when it has, but
 * the reply was cut before it. */
enum mmc_result mmc_performance_speed(const void *data, size_t len, size_t index,
                                      struct mmc_performance_speed *out);

#endif

/* SPDX-License-Identifier: MIT */
/* READ CAPACITY, READ BUFFER CAPACITY and MECHANISM STATUS (MMC-6 6.19, 6.18, 6.11). */
#ifndef VCDR_API_MMC_CAPACITY_H
#define VCDR_API_MMC_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_CAPACITY_BYTES 8
#define MMC_BUFFER_CAPACITY_BYTES 12
#define MMC_MECHANISM_STATUS_BYTES 8

struct mmc_capacity {
    uint32_t last_lba;
    uint32_t block_bytes;
};
enum mmc_result mmc_capacity_parse(const void *data, size_t len, struct mmc_capacity *out);

struct mmc_buffer_capacity {
    uint32_t total_bytes; /* 0 when told in blocks */
    uint32_t free;        /* bytes, or blocks when that was asked for */
    bool in_blocks;
};
enum mmc_result mmc_buffer_capacity_parse(const void *data, size_t len,
                                          struct mmc_buffer_capacity *out);

struct mmc_mechanism_status {
    bool fault, door_open;
    uint8_t state; /* 0 idle, 1 playing, 2 scanning, 3 other activity, 7 no information */
};
enum mmc_result mmc_mechanism_status_parse(const void *data, size_t len,
                                           struct mmc_mechanism_status *out);

#endif

/* SPDX-License-Identifier: MIT */
/* Mode page 2Ah, CD capabilities and mechanical status (MMC-3 5.5.10): what a recorder reads of it.
 */
#ifndef VCDR_API_MMC_CAPABILITIES_H
#define VCDR_API_MMC_CAPABILITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_CAPABILITIES_MOST_SPEEDS 32

struct mmc_write_speed {
    uint16_t kb_s;    /* 1000 bytes a second: 176 is 1x */
    uint8_t rotation; /* 0 CLV, 1 CAV */
};
struct mmc_capabilities {
    bool writes_cd_r, writes_cd_rw, test_write, buffer_underrun_free;
    bool can_lock, locked, can_eject;
    uint8_t mechanism; /* 0 caddy, 1 tray */
    uint16_t buffer_kib;
    uint16_t max_read_kb_s, current_read_kb_s;   /* 0 when not told */
    uint16_t max_write_kb_s, current_write_kb_s; /* 0 when not told */
    uint8_t rotation;                            /* selected, of writing */
    uint8_t count; /* write speeds, the drive's order: fastest first */
    struct mmc_write_speed speeds[MMC_CAPABILITIES_MOST_SPEEDS];
};
/* `page` from its code byte on. Older, shorter pages (from 18 bytes) parse; what they lack is 0.
 * More descriptors than the array holds: the first ones. */
enum mmc_result mmc_capabilities_parse(const uint8_t *page, size_t len,
                                       struct mmc_capabilities *out);

#endif

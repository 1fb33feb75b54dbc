/* SPDX-License-Identifier: MIT */
/* READ TRACK INFORMATION (MMC-6 6.26). */
#ifndef VCDR_API_MMC_TRACK_INFORMATION_H
#define VCDR_API_MMC_TRACK_INFORMATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_TRACK_INFORMATION_BYTES 36

struct mmc_track_information {
    uint16_t track, session;
    uint8_t control;   /* track mode: the Q control nibble, 4 set for data */
    uint8_t data_mode; /* 1, 2 or F (unknown, audio) */
    bool damaged, copy, reserved, blank, packet, fixed_packet;
    int32_t start_lba;
    bool has_next_writable;
    int32_t next_writable_lba;
    uint32_t free_blocks;
    uint32_t fixed_packet_blocks;
    uint32_t blocks; /* track size */
    bool has_last_recorded;
    int32_t last_recorded_lba;
};

/* Needs 28 bytes at the least; fields of what the reply does not announce are 0 or false. */
enum mmc_result mmc_track_information_parse(const void *data, size_t len,
                                            struct mmc_track_information *out);

#endif

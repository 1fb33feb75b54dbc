/* SPDX-License-Identifier: MIT */
#include "api/mmc/track_information.h"

#include <string.h>
#include "api/mmc/bytes.h"

#define LEAST_BYTES 28

static void parse_addresses(const uint8_t *p, struct mmc_track_information *out)
{
    out->start_lba = get_be32s(p + 8);
    out->has_next_writable = p[7] & 0x01;
    out->next_writable_lba = out->has_next_writable ? get_be32s(p + 12) : 0;
    out->free_blocks = get_be32(p + 16);
    out->fixed_packet_blocks = get_be32(p + 20);
    out->blocks = get_be32(p + 24);
}

static void parse_mode(const uint8_t *p, struct mmc_track_information *out)
{
    out->damaged = p[5] & 0x20;
    out->copy = p[5] & 0x10;
    out->control = p[5] & 0x0F;
    out->reserved = p[6] & 0x80;
    out->blank = p[6] & 0x40;
    out->packet = p[6] & 0x20;
    out->fixed_packet = p[6] & 0x10;
    out->data_mode = p[6] & 0x0F;
}

enum mmc_result mmc_track_information_parse(const void *data, size_t len,
                                            struct mmc_track_information *out)
{
    const uint8_t *p = data;
    size_t total;

    if (len < LEAST_BYTES) {
        return MMC_SHORT;
    }
    total = (size_t)get_be16(p) + 2;
    if (total > MMC_TRACK_INFORMATION_BYTES) {
        total = MMC_TRACK_INFORMATION_BYTES;
    }
    if (total < LEAST_BYTES || len < total) {
        return MMC_SHORT;
    }
    memset(out, 0, sizeof(*out));
    out->track = p[2];
    out->session = p[3];
    if (total >= 34) { /* the high bytes came later than MMC-1 */
        out->track |= (uint16_t)(p[32] << 8);
        out->session |= (uint16_t)(p[33] << 8);
    }
    parse_mode(p, out);
    parse_addresses(p, out);
    out->has_last_recorded = total >= 32 && (p[7] & 0x02);
    out->last_recorded_lba = out->has_last_recorded ? get_be32s(p + 28) : 0;
    return MMC_OK;
}

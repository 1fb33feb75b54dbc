/* SPDX-License-Identifier: MIT */
#include "api/mmc/capacity.h"

#include "api/mmc/bytes.h"

enum mmc_result mmc_capacity_parse(const void *data, size_t len, struct mmc_capacity *out)
{
    const uint8_t *p = data;

    if (len < MMC_CAPACITY_BYTES) {
        return MMC_SHORT;
    }
    if (get_be32(p + 4) == 0) {
        return MMC_CONTRADICTORY;
    }
    out->last_lba = get_be32(p);
    out->block_bytes = get_be32(p + 4);
    return MMC_OK;
}

enum mmc_result mmc_buffer_capacity_parse(const void *data, size_t len,
                                          struct mmc_buffer_capacity *out)
{
    const uint8_t *p = data;
    bool in_blocks;

    if (len < MMC_BUFFER_CAPACITY_BYTES || get_be16(p) + 2 < MMC_BUFFER_CAPACITY_BYTES) {
        return MMC_SHORT;
    }
    in_blocks = p[3] & 0x01;
    if (!in_blocks && get_be32(p + 8) > get_be32(p + 4)) {
        return MMC_CONTRADICTORY;
    }
    out->in_blocks = in_blocks;
    out->total_bytes = in_blocks ? 0 : get_be32(p + 4);
    out->free = get_be32(p + 8);
    return MMC_OK;
}

enum mmc_result mmc_mechanism_status_parse(const void *data, size_t len,
                                           struct mmc_mechanism_status *out)
{
    const uint8_t *p = data;

    if (len < MMC_MECHANISM_STATUS_BYTES) {
        return MMC_SHORT;
    }
    out->fault = p[0] & 0x80;
    out->state = p[1] >> 5;
    out->door_open = p[1] & 0x10;
    return MMC_OK;
}

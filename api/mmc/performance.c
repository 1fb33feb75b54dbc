/* SPDX-License-Identifier: MIT */
#include "api/mmc/performance.h"

#include "api/mmc/bytes.h"

#define HEADER_BYTES 8
#define DESCRIPTOR_BYTES 16

enum mmc_result mmc_performance_count(const void *data, size_t len, size_t *count)
{
    const uint8_t *p = data;
    uint32_t after;

    if (len < HEADER_BYTES) {
        return MMC_SHORT;
    }
    after = get_be32(p); /* counts what follows it: four bytes of header, then descriptors */
    if (after < 4 || (after - 4) % DESCRIPTOR_BYTES != 0 || (p[4] & 0x03)) {
        return MMC_CONTRADICTORY;
    }
    *count = (after - 4) / DESCRIPTOR_BYTES;
    return MMC_OK;
}

enum mmc_result mmc_performance_speed(const void *data, size_t len, size_t index,
                                      struct mmc_performance_speed *out)
{
    const uint8_t *p = data;
    size_t count;
    enum mmc_result result = mmc_performance_count(data, len, &count);

    if (result != MMC_OK) {
        return result;
    }
    if (index >= count) {
        return MMC_ABSENT;
    }
    if (index >= (len - HEADER_BYTES) / DESCRIPTOR_BYTES) {
        return MMC_SHORT;
    }
    p += HEADER_BYTES + DESCRIPTOR_BYTES * index;
    out->rotation = p[0] >> 3 & 0x03;
    out->exact = p[0] & 0x02;
    out->end_lba = get_be32s(p + 4);
    out->read_kb_s = get_be32(p + 8);
    out->write_kb_s = get_be32(p + 12);
    return MMC_OK;
}

/* SPDX-License-Identifier: MIT */
#include "api/mmc/capabilities.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/bytes.h"

#define LEAST_BYTES 18
#define SPEEDS_AT 32

static void parse_bits(const uint8_t *page, struct mmc_capabilities *out)
{
    out->writes_cd_r = page[3] & 0x01;
    out->writes_cd_rw = page[3] & 0x02;
    out->test_write = page[3] & 0x04;
    out->buffer_underrun_free = page[4] & 0x80;
    out->can_lock = page[6] & 0x01;
    out->locked = page[6] & 0x02;
    out->can_eject = page[6] & 0x08;
    out->mechanism = page[6] >> 5;
}

static enum mmc_result parse_speeds(const uint8_t *page, size_t len, struct mmc_capabilities *out)
{
    size_t count = len >= SPEEDS_AT ? get_be16(page + 30) : 0;

    if (count * 4 > len - (len >= SPEEDS_AT ? SPEEDS_AT : len)) {
        return MMC_CONTRADICTORY;
    }
    if (count > MMC_CAPABILITIES_MOST_SPEEDS) {
        count = MMC_CAPABILITIES_MOST_SPEEDS;
    }
    for (size_t i = 0; i < count; i++) {
        out->speeds[i].rotation = page[SPEEDS_AT + 4 * i + 1] & 0x07;
        out->speeds[i].kb_s = get_be16(page + SPEEDS_AT + 4 * i + 2);
    }
    out->count = (uint8_t)count;
    return MMC_OK;
}

enum mmc_result mmc_capabilities_parse(const uint8_t *page, size_t len,
                                       struct mmc_capabilities *out)
{
    struct mmc_capabilities c = {0};
    enum mmc_result result;

    if (len < LEAST_BYTES) {
        return MMC_SHORT;
    }
    if ((page[0] & 0x3F) != PAGE_CAPABILITIES || page[1] + 2 < LEAST_BYTES) {
        return MMC_CONTRADICTORY;
    }
    if ((size_t)page[1] + 2 > len) {
        return MMC_SHORT;
    }
    len = (size_t)page[1] + 2;
    parse_bits(page, &c);
    c.max_read_kb_s = get_be16(page + 8);
    c.buffer_kib = get_be16(page + 12);
    c.current_read_kb_s = get_be16(page + 14);
    c.max_write_kb_s = len >= 20 ? get_be16(page + 18) : 0;
    c.current_write_kb_s = len >= 22 ? get_be16(page + 20) : 0;
    if (len >= 30) { /* MMC-3: the selected speed and rotation; the old field is obsolete */
        c.rotation = page[27] & 0x03;
        c.current_write_kb_s = get_be16(page + 28) ? get_be16(page + 28) : c.current_write_kb_s;
    }
    result = parse_speeds(page, len, &c);
    if (result == MMC_OK) {
        *out = c;
    }
    return result;
}

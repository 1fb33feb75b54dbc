/* SPDX-License-Identifier: MIT */
#include "api/mmc/mode.h"

#include <string.h>
#include "api/mmc/bytes.h"

enum mmc_result mmc_mode_total(const void *data, size_t len, size_t *total)
{
    if (len < 2) {
        return MMC_SHORT;
    }
    *total = (size_t)get_be16(data) + 2;
    return MMC_OK;
}

enum mmc_result mmc_mode_page_next(const void *data, size_t len, size_t *offset,
                                   struct mmc_mode_page *out)
{
    const uint8_t *p = data;
    size_t total, first, at;

    if (mmc_mode_total(data, len, &total) != MMC_OK || len < total) {
        return MMC_SHORT;
    }
    if (total < MMC_MODE_HEADER_BYTES) {
        return MMC_CONTRADICTORY;
    }
    /* a drive that does not know DBD may send block descriptors */
    first = MMC_MODE_HEADER_BYTES + (size_t)get_be16(p + 6);
    at = *offset ? *offset : first;
    if (first > total) {
        return MMC_CONTRADICTORY;
    }
    /* page 00h is the vendor's, need not be in page format and is always the last (SPC-3 7.4.3.1)
     */
    if (at >= total || (p[at] & 0x3F) == 0) {
        return MMC_ABSENT;
    }
    if (total - at < 2 || total - at - 2 < p[at + 1] || (p[at] & 0x40)) {
        return MMC_CONTRADICTORY;
    }
    out->code = p[at] & 0x3F;
    out->savable = p[at] & 0x80;
    out->bytes = p + at;
    out->len = (size_t)p[at + 1] + 2;
    *offset = at + out->len;
    return MMC_OK;
}

enum mmc_result mmc_mode_page_find(const void *data, size_t len, uint8_t code,
                                   struct mmc_mode_page *out)
{
    struct mmc_mode_page page;
    size_t offset = 0;
    enum mmc_result result;

    while ((result = mmc_mode_page_next(data, len, &offset, &page)) == MMC_OK) {
        if (page.code == code) {
            *out = page;
            return MMC_OK;
        }
    }
    return result;
}

enum mmc_result mmc_mode_select_list(const uint8_t *page, size_t page_len, void *list, size_t size,
                                     size_t *list_len)
{
    uint8_t *p = list;

    if (page_len < 2 || page_len != (size_t)page[1] + 2) {
        return MMC_RANGE;
    }
    if (size < MMC_MODE_HEADER_BYTES + page_len) {
        return MMC_NO_ROOM;
    }
    memmove(p + MMC_MODE_HEADER_BYTES, page, page_len);
    memset(p, 0, MMC_MODE_HEADER_BYTES);
    p[MMC_MODE_HEADER_BYTES] &= 0x3F; /* PS is reserved here (SPC-3 7.4.5) */
    *list_len = MMC_MODE_HEADER_BYTES + page_len;
    return MMC_OK;
}

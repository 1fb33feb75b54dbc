/* SPDX-License-Identifier: MIT */
/* Mode parameter lists of the 10-byte commands: header and pages (SPC-3 7.4.3). */
#ifndef VCDR_API_MMC_MODE_H
#define VCDR_API_MMC_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_MODE_HEADER_BYTES 8

/* The whole reply's length as its header announces it. */
enum mmc_result mmc_mode_total(const void *data, size_t len, size_t *total);

struct mmc_mode_page {
    uint8_t code;
    bool savable;
    const uint8_t *bytes; /* the page from its code byte on; inside the reply's buffer */
    size_t len;           /* bytes of it, its own two-byte header included */
};
/* Walks the pages of a whole reply. Start with *offset = 0; MMC_ABSENT at the end. Sub-pages (SPF)
 * are MMC_CONTRADICTORY: nobody asked for one. */
enum mmc_result mmc_mode_page_next(const void *data, size_t len, size_t *offset,
                                   struct mmc_mode_page *out);
enum mmc_result mmc_mode_page_find(const void *data, size_t len, uint8_t code,
                                   struct mmc_mode_page *out);

/* A parameter list for MODE SELECT: a zero header and `page`, its PS bit cleared. Writes
 * 8 + page_len bytes, the length for the CDB, to *list_len; MMC_NO_ROOM when `size` is less. */
enum mmc_result mmc_mode_select_list(const uint8_t *page, size_t page_len, void *list, size_t size,
                                     size_t *list_len);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Exclusive access on the wire (docs/wire-extension.md): the vendor feature FF56h that announces
 * it, and mode page 39h that carries it.
 */
#ifndef VCDR_API_MMC_EXCLUSIVE_ACCESS_H
#define VCDR_API_MMC_EXCLUSIVE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/configuration.h"
#include "api/mmc/result.h"

#define MMC_EXCLUSIVE_NAME_BYTES 64 /* NUL included */

struct mmc_exclusive_feature {
    uint8_t protocol;     /* 1 */
    uint8_t longest_name; /* characters */
    uint8_t mode_page, log_page;
};
/* MMC_CONTRADICTORY when FF56h is somebody else's (no "VCDR") or of a protocol of this field's
 * meaning not known here (0): there is then no extension. */
enum mmc_result mmc_exclusive_feature_parse(const struct mmc_feature *feature,
                                            struct mmc_exclusive_feature *out);

struct mmc_exclusive_state {
    bool locked;
    bool mine;                            /* held by the nexus that asked */
    bool by_reserve;                      /* taken by RESERVE: the name is the initiator's */
    uint8_t flags;                        /* EXCLUSIVE_FLAG_ of the present lock */
    char owner[MMC_EXCLUSIVE_NAME_BYTES]; /* "" when free */
};
/* `page` from its code byte on, by MODE SENSE of page 39h. */
enum mmc_result mmc_exclusive_state_parse(const uint8_t *page, size_t len,
                                          struct mmc_exclusive_state *out);

/* Mode pages for mmc_mode_select_list. `name` is sent as it is, 1 to 63 bytes, NUL-padded, else
 * MMC_RANGE: the rule of its characters is the drive's (and put_ClientName's). */
enum mmc_result mmc_exclusive_lock_page(const char *name, uint8_t flags, uint8_t page[72]);
void mmc_exclusive_unlock_page(uint8_t flags, uint8_t page[72]);

#endif

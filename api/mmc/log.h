/* SPDX-License-Identifier: MIT */
/* LOG SENSE: pages and parameters (SPC-3 7.2), and the vendor page 39h, write state. */
#ifndef VCDR_API_MMC_LOG_H
#define VCDR_API_MMC_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_LOG_MOST_PREVIOUS_OWNERS 15
#define MMC_LOG_WRITE_STATE_BYTES 2048 /* an allocation that holds the whole of page 39h */

struct mmc_log_parameter {
    uint16_t code;
    uint8_t control;
    const uint8_t *value; /* inside the reply's buffer */
    uint8_t len;
};
/* Walks a whole reply of `page`. Start with *offset = 0; MMC_ABSENT at the end. */
enum mmc_result mmc_log_parameter_next(const void *data, size_t len, uint8_t page, size_t *offset,
                                       struct mmc_log_parameter *out);
/* Page 00h: whether `page` is listed: MMC_OK or MMC_ABSENT. */
enum mmc_result mmc_log_supports(const void *data, size_t len, uint8_t page);

struct mmc_write_state {
    uint8_t state;      /* WRITE_STATE_ of codes.h */
    uint8_t write_type; /* of page 05h */
    uint16_t track;
    int32_t next_writable_lba;
    uint64_t blocks_written; /* since power-on */
    uint64_t powered_us;     /* microseconds since power-on */
    uint32_t locks_granted, locks_refused, locks_lost;
    char owner[64]; /* "" when free */
    uint8_t previous_count;
    char previous[MMC_LOG_MOST_PREVIOUS_OWNERS][64]; /* newest first */
};
/* Page 39h. Parameters 0000h-0005h and 0010h must be there; unknown ones are passed over. */
enum mmc_result mmc_write_state_parse(const void *data, size_t len, struct mmc_write_state *out);

#endif

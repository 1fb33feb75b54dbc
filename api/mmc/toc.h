/* SPDX-License-Identifier: MIT */
/* READ TOC/PMA/ATIP: formats 0 (TOC), 1 (sessions), 2 (full TOC) and 4 (ATIP): MMC-6 6.25. */
#ifndef VCDR_API_MMC_TOC_H
#define VCDR_API_MMC_TOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_TOC_LEAD_OUT 0xAA
#define MMC_TOC_MOST_ENTRIES 100
#define MMC_TOC_BYTES (4 + 8 * MMC_TOC_MOST_ENTRIES)
#define MMC_ATIP_BYTES 28

/* The whole reply's length as its first two bytes announce it, of any format. */
enum mmc_result mmc_toc_total(const void *data, size_t len, size_t *total);

struct mmc_toc_entry {
    uint8_t track; /* 1..99, or MMC_TOC_LEAD_OUT */
    uint8_t adr, control;
    int32_t lba;
};
struct mmc_toc {
    uint8_t first_track, last_track;
    uint8_t count; /* entries, the lead-out included */
    struct mmc_toc_entry entries[MMC_TOC_MOST_ENTRIES];
};
/* Format 0; `msf` as it was asked for. Tracks ascend, the lead-out is last. */
enum mmc_result mmc_toc_parse(const void *data, size_t len, bool msf, struct mmc_toc *out);

struct mmc_session_information {
    uint8_t first_session, last_session; /* complete ones */
    uint8_t track;                       /* first track of the last complete session */
    uint8_t adr, control;
    int32_t lba;
};
/* Format 1; `msf` as it was asked for. */
enum mmc_result mmc_session_information_parse(const void *data, size_t len, bool msf,
                                              struct mmc_session_information *out);

/* Format 2, entry by entry. Times are binary minute, second, frame as they stand. */
struct mmc_full_toc_entry {
    uint8_t session, adr, control, tno, point;
    uint8_t msf[3];
    uint8_t zero;
    uint8_t pmsf[3];
};
/* Start with *offset = 0; MMC_ABSENT at the end. */
enum mmc_result mmc_full_toc_next(const void *data, size_t len, size_t *offset,
                                  struct mmc_full_toc_entry *out);

struct mmc_atip {
    uint8_t indicative_power, reference_speed;
    bool unrestricted_use;
    bool rewritable; /* CD-RW */
    uint8_t sub_type;
    int32_t lead_in_lba;       /* start of the lead-in, negative */
    int32_t last_lead_out_lba; /* last possible start of a lead-out: the capacity in blocks */
};
/* MMC_ABSENT when the reply has no ATIP: a header alone, or no times. */
enum mmc_result mmc_atip_parse(const void *data, size_t len, struct mmc_atip *out);

/* MMC-6 table of MSF and LBA: minutes from 90 up lie before LBA -150. MMC_RANGE for s > 59, f > 74.
 */
enum mmc_result mmc_msf_to_lba(const uint8_t msf[3], int32_t *lba);
/* The same where the time cannot lie in a lead-in: it counts on beyond 89:59:74. */
enum mmc_result mmc_lead_out_to_lba(const uint8_t msf[3], int32_t *lba);

#endif

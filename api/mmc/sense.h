/* SPDX-License-Identifier: MIT */
/* Sense data, fixed (70h, 71h) and descriptor (72h, 73h) format: SPC-3 4.5. */
#ifndef VCDR_API_MMC_SENSE_H
#define VCDR_API_MMC_SENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

struct mmc_sense {
    uint32_t code; /* KKAAQQh, comparable with the SENSE_ numbers of codes.h */
    uint8_t key, asc, ascq;
    bool deferred; /* it belongs to an earlier command */
    bool has_information;
    uint64_t information; /* often an LBA */
    bool has_progress;
    uint16_t progress; /* of 65536 */
    bool has_field;    /* ILLEGAL REQUEST: where the fault lies */
    bool field_in_cdb; /* in the CDB, or else in the parameter list */
    uint16_t field;    /* byte */
};

/* A sense that is too short for an additional code has ASC and ASCQ 0 (as SPC-3 says of fields
 * beyond the additional length); MMC_SHORT below the sense key. */
enum mmc_result mmc_sense_parse(const void *data, size_t len, struct mmc_sense *out);

/* In words, "ILLEGAL REQUEST"; and of the additional code, or NULL for one not known here. Static.
 */
const char *mmc_sense_key_text(uint8_t key);
const char *mmc_sense_text(uint32_t code);

#endif

/* SPDX-License-Identifier: MIT */
/* READ DISC INFORMATION, standard disc information (MMC-6 6.21.3). */
#ifndef VCDR_API_MMC_DISC_INFORMATION_H
#define VCDR_API_MMC_DISC_INFORMATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_DISC_INFORMATION_BYTES 34

enum mmc_disc_status { MMC_DISC_EMPTY, MMC_DISC_INCOMPLETE, MMC_DISC_COMPLETE, MMC_DISC_OTHER };
enum mmc_session_state {
    MMC_SESSION_EMPTY,
    MMC_SESSION_INCOMPLETE,
    MMC_SESSION_DAMAGED,
    MMC_SESSION_COMPLETE,
};

struct mmc_disc_information {
    enum mmc_disc_status status;
    enum mmc_session_state last_session;
    bool erasable;
    uint16_t first_track;
    uint16_t sessions; /* the empty or incomplete one counted */
    uint16_t first_track_last_session;
    uint16_t last_track_last_session; /* the invisible or incomplete one counted */
    uint8_t disc_type;                /* 00 CD-DA/CD-ROM, 10 CD-I, 20 XA, FF undefined */
    bool has_identification;
    uint32_t identification;
    bool has_last_lead_in; /* false: FF:FF:FF */
    int32_t last_lead_in_lba;
    bool has_last_lead_out;
    int32_t last_lead_out_lba; /* last possible start of a lead-out */
};

/* Needs 24 bytes at the least and all that its length field announces up to 34. */
enum mmc_result mmc_disc_information_parse(const void *data, size_t len,
                                           struct mmc_disc_information *out);

#endif

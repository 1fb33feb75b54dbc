/* SPDX-License-Identifier: MIT */
#include "api/mmc/disc_information.h"

#include <string.h>
#include "api/mmc/bytes.h"
#include "api/mmc/toc.h"

#define LEAST_BYTES 24

static bool no_time(const uint8_t msf[3])
{
    return msf[0] == 0xFF && msf[1] == 0xFF && msf[2] == 0xFF;
}

static void parse_counts(const uint8_t *p, struct mmc_disc_information *out)
{
    out->status = (enum mmc_disc_status)(p[2] & 0x03);
    out->last_session = (enum mmc_session_state)(p[2] >> 2 & 0x03);
    out->erasable = p[2] & 0x10;
    out->first_track = p[3];
    out->sessions = (uint16_t)(p[9] << 8 | p[4]);
    out->first_track_last_session = (uint16_t)(p[10] << 8 | p[5]);
    out->last_track_last_session = (uint16_t)(p[11] << 8 | p[6]);
    out->disc_type = p[8];
    out->has_identification = p[7] & 0x80;
    out->identification = out->has_identification ? get_be32(p + 12) : 0;
}

enum mmc_result mmc_disc_information_parse(const void *data, size_t len,
                                           struct mmc_disc_information *out)
{
    const uint8_t *p = data;
    struct mmc_disc_information info = {0};
    size_t total;

    if (len < LEAST_BYTES) {
        return MMC_SHORT;
    }
    total = (size_t)get_be16(p) + 2;
    if (total < LEAST_BYTES ||
        len < (total < MMC_DISC_INFORMATION_BYTES ? total : MMC_DISC_INFORMATION_BYTES)) {
        return MMC_SHORT;
    }
    if (p[2] >> 5 != 0) { /* another data type than the one that was asked for */
        return MMC_CONTRADICTORY;
    }
    parse_counts(p, &info);
    if (info.sessions == 0 || info.last_track_last_session < info.first_track_last_session) {
        return MMC_CONTRADICTORY;
    }
    info.has_last_lead_in = !no_time(p + 17);
    info.has_last_lead_out = !no_time(p + 21);
    if ((info.has_last_lead_in && mmc_msf_to_lba(p + 17, &info.last_lead_in_lba) != MMC_OK) ||
        (info.has_last_lead_out &&
         mmc_lead_out_to_lba(p + 21, &info.last_lead_out_lba) != MMC_OK)) {
        return MMC_CONTRADICTORY;
    }
    *out = info;
    return MMC_OK;
}

/* SPDX-License-Identifier: MIT */
/* Quick verification: is what the drive says of a track, and of the disc, plausible? */
#include "api/imapi/tao.h"

#include "api/imapi/query.h"

static HRESULT verdict(bool plausible)
{
    return plausible ? S_OK : E_IMAPI_BURN_VERIFICATION_FAILED;
}

HRESULT tao_verify_track(struct drive *drive, LONG number, int32_t start_lba, uint32_t blocks)
{
    struct mmc_track_information track;
    HRESULT hr = query_track(drive, (uint32_t)number, &track);

    if (FAILED(hr)) {
        return hr;
    }
    /* a track may own its run-out blocks, and the gap before the next one */
    return verdict(track.track == number && track.start_lba == start_lba && !track.damaged &&
                   !track.blank && !(track.control & CONTROL_DATA) && track.blocks >= blocks &&
                   track.blocks <= blocks + 2 + CD_PREGAP_BLOCKS);
}

static bool toc_plausible(const struct tao_session *session, const struct mmc_toc *toc)
{
    if (toc->first_track != 1 || toc->last_track != session->tracks) {
        return false;
    }
    for (uint8_t i = 0; i < toc->count; i++) {
        const struct mmc_toc_entry *entry = &toc->entries[i];

        if (entry->track != MMC_TOC_LEAD_OUT &&
            (entry->lba != session->track[entry->track - 1].start_lba ||
             entry->control & CONTROL_DATA)) {
            return false;
        }
    }
    return true;
}

HRESULT tao_verify_disc(struct tao *tao, bool finalized)
{
    struct mmc_disc_information disc;
    struct mmc_toc toc;
    HRESULT hr = query_disc(tao->session.drive, &disc);

    if (FAILED(hr)) {
        return hr;
    }
    if (disc.status != (finalized ? MMC_DISC_COMPLETE : MMC_DISC_INCOMPLETE)) {
        return E_IMAPI_BURN_VERIFICATION_FAILED;
    }
    hr = query_toc(tao->session.drive, &toc);
    return FAILED(hr) ? hr : verdict(toc_plausible(&tao->session, &toc));
}

/* SPDX-License-Identifier: MIT */
#include "api/imapi/media.h"

#include <imapi2error.h>
#include <vcdr/codes.h>
#include "api/imapi/query.h"

#define RUN_OUT_BLOCKS 2 /* after a TAO track, before the lead-out (reference: mmc-cdr 4.1) */

/* Profiles of MMC-6 table 92 */
static const struct {
    uint16_t profile;
    IMAPI_MEDIA_PHYSICAL_TYPE type;
} types[] = {
    {0x0001, IMAPI_MEDIA_TYPE_DISK},
    {0x0002, IMAPI_MEDIA_TYPE_DISK},
    {PROFILE_CD_ROM, IMAPI_MEDIA_TYPE_CDROM},
    {PROFILE_CD_R, IMAPI_MEDIA_TYPE_CDR},
    {PROFILE_CD_RW, IMAPI_MEDIA_TYPE_CDRW},
    {0x0010, IMAPI_MEDIA_TYPE_DVDROM},
    {0x0011, IMAPI_MEDIA_TYPE_DVDDASHR},
    {0x0012, IMAPI_MEDIA_TYPE_DVDRAM},
    {0x0013, IMAPI_MEDIA_TYPE_DVDDASHRW},
    {0x0014, IMAPI_MEDIA_TYPE_DVDDASHRW},
    {0x0015, IMAPI_MEDIA_TYPE_DVDDASHR_DUALLAYER},
    {0x0016, IMAPI_MEDIA_TYPE_DVDDASHR_DUALLAYER},
    {0x001A, IMAPI_MEDIA_TYPE_DVDPLUSRW},
    {0x001B, IMAPI_MEDIA_TYPE_DVDPLUSR},
    {0x002A, IMAPI_MEDIA_TYPE_DVDPLUSRW_DUALLAYER},
    {0x002B, IMAPI_MEDIA_TYPE_DVDPLUSR_DUALLAYER},
    {0x0040, IMAPI_MEDIA_TYPE_BDROM},
    {0x0041, IMAPI_MEDIA_TYPE_BDR},
    {0x0042, IMAPI_MEDIA_TYPE_BDR},
    {0x0043, IMAPI_MEDIA_TYPE_BDRE},
    {0x0050, IMAPI_MEDIA_TYPE_HDDVDROM},
    {0x0051, IMAPI_MEDIA_TYPE_HDDVDR},
    {0x0052, IMAPI_MEDIA_TYPE_HDDVDRAM},
};

IMAPI_MEDIA_PHYSICAL_TYPE media_type_of_profile(uint16_t profile)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].profile == profile) {
            return types[i].type;
        }
    }
    return IMAPI_MEDIA_TYPE_UNKNOWN;
}

HRESULT media_physical_type(struct drive *drive, IMAPI_MEDIA_PHYSICAL_TYPE *out)
{
    struct mmc_atip atip;
    uint16_t profile;
    HRESULT hr = query_profile(drive, &profile);

    if (FAILED(hr)) {
        return hr;
    }
    *out = media_type_of_profile(profile);
    if (profile == PROFILE_CD_ROM && SUCCEEDED(query_atip(drive, &atip))) {
        *out = atip.rewritable ? IMAPI_MEDIA_TYPE_CDRW : IMAPI_MEDIA_TYPE_CDR;
    }
    return S_OK;
}

HRESULT media_blank(struct drive *drive, bool *out)
{
    struct mmc_disc_information disc;
    HRESULT hr = query_disc(drive, &disc);

    if (SUCCEEDED(hr)) {
        *out = disc.status == MMC_DISC_EMPTY;
    }
    return hr;
}

/* The smaller of what the drive calls free and what leaves room for the run-out before the last
 * possible lead-out: drives differ in whether they count the run-out. */
static LONG free_blocks(const struct mmc_track_information *next, LONG total)
{
    int64_t room = (int64_t)total - next->next_writable_lba;

    if (!next->has_next_writable || room <= 0) {
        return 0;
    }
    return room < next->free_blocks ? (LONG)room : (LONG)next->free_blocks;
}

HRESULT media_space(struct drive *drive, struct media_space *out)
{
    struct mmc_track_information next = {0};
    struct mmc_disc_information disc;
    HRESULT hr = query_disc(drive, &disc);

    if (FAILED(hr)) {
        return hr;
    }
    if (!disc.has_last_lead_out) { /* finalized: nothing more goes onto it */
        *out = (struct media_space){0};
        return S_OK;
    }
    hr = query_next_track(drive, &next);
    if (FAILED(hr)) {
        return hr;
    }
    out->next_lba = next.next_writable_lba;
    out->total = disc.last_lead_out_lba - RUN_OUT_BLOCKS;
    out->free = hr == S_FALSE ? 0 : free_blocks(&next, out->total);
    out->used = out->total - out->free;
    return S_OK;
}

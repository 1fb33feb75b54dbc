/* SPDX-License-Identifier: MIT */
/* What IsRecorderSupported and IsCurrentMediaSupported ask of a drive. */
#include "api/imapi/command.h"
#include "api/imapi/tao.h"

#include "api/imapi/query.h"

/* Feature 002Dh, current or not: a drive that can write CDs track at once. *ability is set where it
 * can. */
static HRESULT query_ability(struct drive *drive, bool *out, struct mmc_track_at_once *ability)
{
    struct mmc_feature feature;
    uint8_t *reply;
    size_t len;
    HRESULT hr = query_configuration(drive, MMC_CONFIGURATION_ALL, &reply, &len);

    *out = false;
    if (hr == E_IMAPI_RECORDER_GET_CONFIGURATION_NOT_SUPPORTED) {
        return S_OK;
    }
    if (FAILED(hr)) {
        return hr;
    }
    *out = mmc_feature_find(reply, len, FEATURE_CD_TRACK_AT_ONCE, &feature) == MMC_OK &&
           mmc_track_at_once(&feature, ability) == MMC_OK;
    CoTaskMemFree(reply);
    return S_OK;
}

HRESULT tao_recorder_supported(struct drive *drive, bool *out)
{
    struct mmc_track_at_once ability;

    return query_ability(drive, out, &ability);
}

/* A recorder of CD-Rs reads CD-RWs, and often cannot write them. */
HRESULT tao_type_supported(struct drive *drive, IMAPI_MEDIA_PHYSICAL_TYPE type, bool *out)
{
    struct mmc_track_at_once ability = {.cd_rw = false};
    HRESULT hr = S_OK;

    *out = type == IMAPI_MEDIA_TYPE_CDR;
    if (type == IMAPI_MEDIA_TYPE_CDRW) {
        hr = query_ability(drive, out, &ability);
        *out = *out && ability.cd_rw;
    }
    return hr;
}

/* No current profile: no disc, or none yet, or one that the drive does not know. A drive that
 * another nexus holds does not say which. */
static HRESULT why_no_profile(struct drive *drive)
{
    HRESULT hr = drive_wait_ready(drive, 0, NULL, NULL);

    return hr == E_IMAPI_RECORDER_LOCKED ? E_IMAPI_RECORDER_MEDIA_NO_MEDIA : hr;
}

HRESULT tao_media_supported(struct drive *drive, bool *out)
{
    IMAPI_MEDIA_PHYSICAL_TYPE type;
    HRESULT hr = tao_recorder_supported(drive, out);

    if (FAILED(hr) || !*out) {
        return hr;
    }
    *out = false;
    hr = media_physical_type(drive, &type);
    if (FAILED(hr)) {
        return hr;
    }
    if (type == IMAPI_MEDIA_TYPE_UNKNOWN) {
        return why_no_profile(drive);
    }
    return tao_type_supported(drive, type, out);
}

/* SPDX-License-Identifier: MIT */
#include "api/imapi/command.h"
#include "api/imapi/speeds.h"

#include <stdlib.h>
#include <vcdr/codes.h>
#include "api/imapi/outcome.h"
#include "api/imapi/query.h"

/* A kB/s of 1000 bytes; a sector of audio has 2352. To the nearest: 176 is 75, 353 is 150. */
static LONG sectors_of(uint32_t kb_s)
{
    return (LONG)(((uint64_t)kb_s * 1000 + CD_RAW_BLOCK_BYTES / 2) / CD_RAW_BLOCK_BYTES);
}

static void add(struct speed *out, size_t *count, uint32_t kb_s, uint8_t rotation)
{
    if (kb_s == 0 || kb_s >= MMC_SPEED_MAXIMUM || *count == SPEEDS_MOST) {
        return;
    }
    out[*count] = (struct speed){
        .sectors_per_second = sectors_of(kb_s),
        .cav = rotation == MMC_ROTATION_CAV,
        .kb_s = (uint16_t)kb_s,
    };
    (*count)++;
}

/* Drives whose page 2Ah is older than write speed descriptors may know GET PERFORMANCE. */
static void by_performance(struct drive *drive, struct speed *out, size_t *count)
{
    struct mmc_performance_speed speeds[SPEEDS_MOST];
    size_t n = 0;

    if (FAILED(query_write_speeds(drive, speeds, SPEEDS_MOST, &n))) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        add(out, count, speeds[i].write_kb_s, speeds[i].rotation);
    }
}

HRESULT speeds_supported(struct drive *drive, struct speed out[SPEEDS_MOST], size_t *count)
{
    struct mmc_capabilities capabilities;
    HRESULT hr = query_capabilities(drive, &capabilities);

    if (FAILED(hr)) {
        return hr;
    }
    *count = 0;
    for (size_t i = 0; i < capabilities.count; i++) {
        add(out, count, capabilities.speeds[i].kb_s, capabilities.speeds[i].rotation);
    }
    if (*count == 0) {
        by_performance(drive, out, count);
    }
    if (*count == 0) {
        add(out, count, capabilities.max_write_kb_s, MMC_ROTATION_CLV);
    }
    return *count > 0 ? S_OK : E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE;
}

HRESULT speeds_current(struct drive *drive, struct speed *out)
{
    struct mmc_capabilities capabilities;
    HRESULT hr = query_capabilities(drive, &capabilities);

    if (FAILED(hr)) {
        return hr;
    }
    if (capabilities.current_write_kb_s == 0) {
        return E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE;
    }
    out->sectors_per_second = sectors_of(capabilities.current_write_kb_s);
    out->cav = capabilities.rotation == MMC_ROTATION_CAV;
    return S_OK;
}

/* The rotation wished for first, if the drive has it at all, then the nearest speed; of two that
 * are as near, the slower. */
static const struct speed *nearest(const struct speed *speeds, size_t count, struct speed wish)
{
    const struct speed *best = &speeds[0];

    for (size_t i = 1; i < count; i++) {
        const struct speed *this = &speeds[i];
        LONG far = labs((long)this->sectors_per_second - wish.sectors_per_second);
        LONG best_far = labs((long)best->sectors_per_second - wish.sectors_per_second);

        if (this->cav != best->cav) {
            best = this->cav == wish.cav ? this : best;
        } else if (far < best_far ||
                   (far == best_far && this->sectors_per_second < best->sectors_per_second)) {
            best = this;
        }
    }
    return best;
}

static HRESULT set_speed(struct drive *drive, bool cav, uint16_t kb_s)
{
    struct drive_command command = {0};

    command.cdb_len = mmc_cdb_set_cd_speed(command.cdb, cav ? MMC_ROTATION_CAV : MMC_ROTATION_CLV,
                                           MMC_SPEED_MAXIMUM, kb_s);
    return drive_execute(drive, &command);
}

HRESULT speeds_select(struct drive *drive, struct speed wish)
{
    struct speed speeds[SPEEDS_MOST];
    const struct speed *chosen;
    bool fastest = wish.sectors_per_second == SPEED_FASTEST;
    bool speed_differs, rotation_differs;
    size_t count;
    HRESULT hr = speeds_supported(drive, speeds, &count);

    if (FAILED(hr)) {
        return hr;
    }
    if (fastest) {
        wish.sectors_per_second = INT32_MAX;
    }
    chosen = nearest(speeds, count, wish);
    hr = set_speed(drive, chosen->cav, fastest ? MMC_SPEED_MAXIMUM : chosen->kb_s);
    if (FAILED(hr)) {
        return hr;
    }
    speed_differs = !fastest && chosen->sectors_per_second != wish.sectors_per_second;
    rotation_differs = chosen->cav != wish.cav;
    if (speed_differs && rotation_differs) {
        return S_IMAPI_BOTHADJUSTED;
    }
    return speed_differs      ? S_IMAPI_SPEEDADJUSTED
           : rotation_differs ? S_IMAPI_ROTATIONADJUSTED
                              : S_OK;
}

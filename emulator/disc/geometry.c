/* SPDX-License-Identifier: MIT */
/* What was pressed into the groove, and the two ways to say an address. */
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>

#define FRAMES_PER_MINUTE (60 * CD_BLOCKS_PER_SECOND)
/* MMC-6 table of LBA and MSF: minutes from 90 up count down to the first lead-in's end. */
#define LEAD_IN_OFFSET 450150

static const struct {
    const char *name;
    int32_t last_lead_out_lba;
} nominal[] = {
    {"74min", 336075}, /* 74:43:00, as real discs have it */
    {"80min", 359849}, /* 79:59:74 */
    {"90min", 404849}, /* 89:59:74: a lead-out from 90:00:00 on would read as a lead-in */
};

int vcdr_geometry_by_name(const char *name, enum vcdr_medium medium, struct vcdr_geometry *out)
{
    for (size_t i = 0; name && i < sizeof(nominal) / sizeof(nominal[0]); i++) {
        if (strcmp(name, nominal[i].name) != 0)
            continue;
        *out = (struct vcdr_geometry){
            .medium = medium,
            .lead_in_lba = -11634, /* 97:26:66 */
            .last_lead_out_lba = nominal[i].last_lead_out_lba,
        };
        return VCDR_OK;
    }
    return VCDR_EINVAL;
}

int32_t vcdr_msf_to_lba(unsigned m, unsigned s, unsigned f)
{
    int32_t frames = (int32_t)(m * FRAMES_PER_MINUTE + s * CD_BLOCKS_PER_SECOND + f);

    return frames - (m >= 90 ? LEAD_IN_OFFSET : CD_PREGAP_BLOCKS);
}

void vcdr_lba_to_msf(int32_t lba, uint8_t msf[3])
{
    int32_t frames = lba + (lba >= -CD_PREGAP_BLOCKS ? CD_PREGAP_BLOCKS : LEAD_IN_OFFSET);

    msf[0] = (uint8_t)(frames / FRAMES_PER_MINUTE);
    msf[1] = (uint8_t)(frames / CD_BLOCKS_PER_SECOND % 60);
    msf[2] = (uint8_t)(frames % CD_BLOCKS_PER_SECOND);
}

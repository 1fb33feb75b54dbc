/* SPDX-License-Identifier: MIT */
#include "api/mmc/toc.h"

#include <string.h>
#include "api/mmc/bytes.h"

#define HEADER_BYTES 4
#define ENTRY_BYTES 8
#define FULL_ENTRY_BYTES 11

enum mmc_result mmc_lead_out_to_lba(const uint8_t msf[3], int32_t *lba)
{
    if (msf[1] > 59 || msf[2] > 74) {
        return MMC_RANGE;
    }
    *lba = (msf[0] * 60 + msf[1]) * 75 + msf[2] - 150;
    return MMC_OK;
}

enum mmc_result mmc_msf_to_lba(const uint8_t msf[3], int32_t *lba)
{
    int32_t count;
    enum mmc_result result = mmc_lead_out_to_lba(msf, &count);

    if (result != MMC_OK) {
        return result;
    }
    if (msf[0] > 99) {
        return MMC_RANGE;
    }
    /* MMC-6 table 704: the hundred minutes wrap, and lead-ins are numbered from their end */
    *lba = msf[0] >= 90 ? count - 450000 : count;
    return MMC_OK;
}

enum mmc_result mmc_toc_total(const void *data, size_t len, size_t *total)
{
    if (len < 2) {
        return MMC_SHORT;
    }
    *total = (size_t)get_be16(data) + 2;
    return MMC_OK;
}

/* A whole reply whose entries are `entry_bytes` long each. */
static enum mmc_result whole(const void *data, size_t len, size_t entry_bytes, size_t *total)
{
    size_t announced;

    if (mmc_toc_total(data, len, &announced) != MMC_OK || len < announced) {
        return MMC_SHORT;
    }
    if (announced < HEADER_BYTES || (announced - HEADER_BYTES) % entry_bytes != 0) {
        return MMC_CONTRADICTORY;
    }
    *total = announced;
    return MMC_OK;
}

static enum mmc_result address(const uint8_t *field, bool msf, bool lead_out, int32_t *lba)
{
    if (!msf) {
        *lba = get_be32s(field);
        return MMC_OK;
    }
    return lead_out ? mmc_lead_out_to_lba(field + 1, lba) : mmc_msf_to_lba(field + 1, lba);
}

static enum mmc_result parse_entry(const uint8_t *p, bool msf, struct mmc_toc_entry *out)
{
    out->adr = p[1] >> 4;
    out->control = p[1] & 0x0F;
    out->track = p[2];
    return address(p + 4, msf, out->track == MMC_TOC_LEAD_OUT, &out->lba) == MMC_OK
               ? MMC_OK
               : MMC_CONTRADICTORY;
}

/* Ascending, within first..last, addresses too; the lead-out, which AAh makes the greatest, last.
 */
static bool plausible(const struct mmc_toc *toc)
{
    for (unsigned i = 0; i < toc->count; i++) {
        const struct mmc_toc_entry *e = &toc->entries[i];

        if (e->track != MMC_TOC_LEAD_OUT &&
            (e->track < toc->first_track || e->track > toc->last_track)) {
            return false;
        }
        if (i > 0 && (e->track <= e[-1].track || e->lba < e[-1].lba)) {
            return false;
        }
    }
    return toc->first_track >= 1 && toc->first_track <= toc->last_track && toc->last_track <= 99;
}

enum mmc_result mmc_toc_parse(const void *data, size_t len, bool msf, struct mmc_toc *out)
{
    const uint8_t *p = data;
    struct mmc_toc toc = {0};
    size_t total;
    enum mmc_result result = whole(data, len, ENTRY_BYTES, &total);

    if (result != MMC_OK) {
        return result;
    }
    if (total > MMC_TOC_BYTES) {
        return MMC_CONTRADICTORY;
    }
    toc.first_track = p[2];
    toc.last_track = p[3];
    for (size_t at = HEADER_BYTES; at < total; at += ENTRY_BYTES) {
        result = parse_entry(p + at, msf, &toc.entries[toc.count++]);
        if (result != MMC_OK) {
            return result;
        }
    }
    if (!plausible(&toc)) {
        return MMC_CONTRADICTORY;
    }
    *out = toc;
    return MMC_OK;
}

enum mmc_result mmc_session_information_parse(const void *data, size_t len, bool msf,
                                              struct mmc_session_information *out)
{
    const uint8_t *p = data;
    struct mmc_session_information info;
    struct mmc_toc_entry entry;
    size_t total;
    enum mmc_result result = whole(data, len, ENTRY_BYTES, &total);

    if (result != MMC_OK) {
        return result;
    }
    if (total != HEADER_BYTES + ENTRY_BYTES || p[2] > p[3]) {
        return MMC_CONTRADICTORY;
    }
    result = parse_entry(p + HEADER_BYTES, msf, &entry);
    if (result != MMC_OK) {
        return result;
    }
    info.first_session = p[2];
    info.last_session = p[3];
    info.track = entry.track;
    info.adr = entry.adr;
    info.control = entry.control;
    info.lba = entry.lba;
    *out = info;
    return MMC_OK;
}

enum mmc_result mmc_full_toc_next(const void *data, size_t len, size_t *offset,
                                  struct mmc_full_toc_entry *out)
{
    size_t total;
    size_t at = *offset ? *offset : HEADER_BYTES;
    const uint8_t *p = data;
    enum mmc_result result = whole(data, len, FULL_ENTRY_BYTES, &total);

    if (result != MMC_OK) {
        return result;
    }
    if (at >= total) {
        return MMC_ABSENT;
    }
    p += at;
    out->session = p[0];
    out->adr = p[1] >> 4;
    out->control = p[1] & 0x0F;
    out->tno = p[2];
    out->point = p[3];
    memcpy(out->msf, p + 4, 3);
    out->zero = p[7];
    memcpy(out->pmsf, p + 8, 3);
    *offset = at + FULL_ENTRY_BYTES;
    return MMC_OK;
}

enum mmc_result mmc_atip_parse(const void *data, size_t len, struct mmc_atip *out)
{
    static const uint8_t no_time[3] = {0, 0, 0};
    const uint8_t *p = data;
    struct mmc_atip atip = {0};
    size_t total;

    if (mmc_toc_total(data, len, &total) != MMC_OK || len < total) {
        return MMC_SHORT;
    }
    if (total <= HEADER_BYTES) {
        return MMC_ABSENT;
    }
    if (total < 16) {
        return MMC_SHORT;
    }
    if (memcmp(p + 8, no_time, 3) == 0 && memcmp(p + 12, no_time, 3) == 0) {
        return MMC_ABSENT;
    }
    atip.indicative_power = p[4] >> 4 & 0x07;
    atip.reference_speed = p[4] & 0x07;
    atip.unrestricted_use = p[5] & 0x40;
    atip.rewritable = p[6] & 0x40;
    atip.sub_type = p[6] >> 3 & 0x07;
    if (mmc_msf_to_lba(p + 8, &atip.lead_in_lba) != MMC_OK || atip.lead_in_lba >= 0 ||
        mmc_lead_out_to_lba(p + 12, &atip.last_lead_out_lba) != MMC_OK) {
        return MMC_CONTRADICTORY;
    }
    *out = atip;
    return MMC_OK;
}

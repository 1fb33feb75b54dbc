/* SPDX-License-Identifier: MIT */
/*
 * GET CONFIGURATION (MMC-6): what the drive can do, one row a feature. A feature
 * stands here only when it works.
 */
#include "core.h"

#include <string.h>

enum requested_type { RT_ALL, RT_CURRENT, RT_ONE, RT_RESERVED };

/* When the Current bit is set. */
enum current { ALWAYS, WITH_MEDIUM, WITH_RECORDING, WHILE_WRITABLE, WITH_CD_RW };

enum { FEATURE_BYTES = 16, PROFILES = 3 };

struct feature {
    uint16_t code;
    uint8_t version;
    bool persistent;
    enum current current;
    uint8_t len; /* additional length, a multiple of 4 */
    uint8_t data[FEATURE_BYTES];
    void (*fill)(const struct vcdr_drive *drive, uint8_t *data); /* what is not constant; or NULL */
};

static bool medium_present(const struct vcdr_drive *drive)
{
    return medium_sense(drive) == SENSE_NONE;
}

static uint16_t current_profile(const struct vcdr_drive *drive)
{
    if (!medium_present(drive))
        return PROFILE_NONE;
    return vcdr_disc_info(drive->disc)->geometry.medium == VCDR_MEDIUM_CD_R ? PROFILE_CD_R
                                                                            : PROFILE_CD_RW;
}

static void fill_profiles(const struct vcdr_drive *drive, uint8_t *data)
{
    uint16_t profile = current_profile(drive);

    for (unsigned i = 0; i < PROFILES; i++)
        data[4 * i + 2] = get_be16(data + 4 * i) == profile;
}

static void fill_core(const struct vcdr_drive *drive, uint8_t *data)
{
    data[4] = drive->timing != VCDR_TIMING_NONE; /* DBE: there are device busy events */
}

static void fill_serial(const struct vcdr_drive *drive, uint8_t *data)
{
    memset(data, ' ', FEATURE_BYTES);
    memcpy(data, drive->serial, strlen(drive->serial));
}

/* Ascending by code. */
static const struct feature features[] = {
    {FEATURE_PROFILE_LIST,
     0,
     true,
     ALWAYS,
     4 * PROFILES,
     {0, 0x0A, 0, 0, 0, 0x09, 0, 0, 0, 0x08},
     fill_profiles},
    /* SCSI family: there is no number for iSCSI */
    {FEATURE_CORE, 2, true, ALWAYS, 8, {0, 0, 0, 1, 0, 0, 0, 0}, fill_core},
    {FEATURE_MORPHING, 1, true, ALWAYS, 4, {0x02}, NULL},         /* OCEvent */
    {FEATURE_REMOVABLE_MEDIUM, 0, true, ALWAYS, 4, {0x29}, NULL}, /* tray, eject, lock */
    /* 2048-byte blocks, blocking 1, page 01h present */
    {FEATURE_RANDOM_READABLE, 0, false, WITH_RECORDING, 8, {0, 0, 8, 0, 0, 1, 1, 0}, NULL},
    {FEATURE_MULTI_READ, 0, false, WITH_RECORDING, 0, {0}, NULL},
    {FEATURE_CD_READ, 2, false, WITH_MEDIUM, 4, {0x03}, NULL}, /* C2, CD-Text; no DAP */
    /* packets of data block types 8 to 13; BUF; one link size: 7 blocks */
    {FEATURE_INCREMENTAL_STREAMING, 1, false, WHILE_WRITABLE, 8, {0x3F, 0, 0x01, 1, 7}, NULL},
    /* BUF: an initiator that comes late never spoils a track, the drive waits for it whatever BUFE
     * says. Test Write, CD-RW; no R-W. Data block types 0, 8 to 13. */
    {FEATURE_CD_TRACK_AT_ONCE, 2, false, WHILE_WRITABLE, 4, {0x46, 0, 0x3F, 0x01}, NULL},
    /* BUF, session-at-once, raw in any session, test write, CD-RW, R-W; cue sheets of 64 KiB */
    {FEATURE_CD_MASTERING, 0, false, WHILE_WRITABLE, 4, {0x7F, 0x01, 0, 0}, NULL},
    /* CD-RW of sub-type 0: what there is */
    {FEATURE_CD_RW_MEDIA_WRITE, 1, false, WITH_CD_RW, 4, {0, 0x01, 0, 0}, NULL},
    {FEATURE_POWER_MANAGEMENT, 0, true, ALWAYS, 0, {0}, NULL},
    {FEATURE_TIMEOUT, 1, true, ALWAYS, 4, {0}, NULL},
    /* RBCB, SCS, MP2A, WSPD; no streaming writes */
    {FEATURE_REAL_TIME_STREAMING, 3, false, WITH_MEDIUM, 4, {0x1E}, NULL},
    {FEATURE_SERIAL_NUMBER, 0, true, ALWAYS, 16, {0}, fill_serial},
    /* docs/wire-extension.md: "VCDR", protocol 1, names of 63 characters, mode and log page */
    {FEATURE_VCDR, 0, true, ALWAYS, 8, {0x56, 0x43, 0x44, 0x52, 0x01, 0x3F, 0x39, 0x39}, NULL},
};

static bool is_current(const struct vcdr_drive *drive, enum current current)
{
    switch (current) {
    case ALWAYS:
        return true;
    case WITH_MEDIUM:
        return medium_present(drive);
    case WITH_RECORDING:
        return medium_present(drive) && vcdr_disc_info(drive->disc)->status != VCDR_DISC_BLANK;
    case WHILE_WRITABLE:
        return medium_writable(drive);
    case WITH_CD_RW:
        return current_profile(drive) == PROFILE_CD_RW;
    }
    return false;
}

static void put_feature(struct command *c, const struct feature *f)
{
    uint8_t bytes[4 + FEATURE_BYTES];

    put_be16(bytes, f->code);
    bytes[2] = (uint8_t)(f->version << 2 | f->persistent << 1 | is_current(c->drive, f->current));
    bytes[3] = f->len;
    memcpy(bytes + 4, f->data, FEATURE_BYTES);
    if (f->fill != NULL)
        f->fill(c->drive, bytes + 4);
    writer_put(&c->in, bytes, 4u + f->len);
}

static bool is_requested(const struct vcdr_drive *drive, const struct feature *f,
                         enum requested_type rt, uint16_t start)
{
    switch (rt) {
    case RT_ALL:
        return f->code >= start;
    case RT_CURRENT:
        return f->code >= start && is_current(drive, f->current);
    case RT_ONE: /* never more than one: Windows gives this form up for good otherwise */
        return f->code == start;
    case RT_RESERVED:
        return false;
    }
    return false;
}

uint32_t get_configuration(struct command *c)
{
    enum requested_type rt = c->cdb[1] & 0x03;
    uint16_t start = get_be16(c->cdb + 2);

    if (rt == RT_RESERVED)
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, get_be16(c->cdb + 7));
    writer_zero(&c->in, 6); /* data length, below; reserved */
    writer_be16(&c->in, current_profile(c->drive));
    for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
        if (is_requested(c->drive, &features[i], rt, start))
            put_feature(c, &features[i]);
    }
    writer_patch32(&c->in, 0, (uint32_t)(c->in.len - 4));
    return SENSE_NONE;
}

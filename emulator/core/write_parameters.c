/* SPDX-License-Identifier: MIT */
/*
 * Mode page 05h, write parameters (MMC-6 7.5.4): which of its values this drive can write. Clients
 * find out what a drive can do by trying, so what cannot be written must be refused here; fields
 * that track-at-once does not use are taken as they come, because clients leave anything in them.
 */
#include "mode.h"

#include <string.h>

enum {
    WRITE_TYPE = 0x0F,
    MULTISESSION_RESERVED = 2,
    TRACK_MODE = 0x0F,
    FIXED_PACKETS = 0x20,
    PACKET_SIZE_AT = 10,
    PACKET_BLOCKS = 1024, /* of the longest, which the buffer holds */
    BLOCK_TYPE = 0x0F,
    MCN_AT = 16,
    MCN_DIGITS = 13,
    ISRC_AT = 32,
    ISRC_LETTERS = 5,
    ISRC_CHARACTERS = 12,
    CODE_VALID = 0x80,
    SUB_MODE_AT = 50,
    SUB_MODE_FORM2 = 0x20,
};

const uint8_t write_parameters_default[52] = {
    PAGE_WRITE_PARAMETERS,
    50,
    0x40 | WRITE_TYPE_TAO, /* BUFE: the buffer of this drive cannot run empty */
    CONTROL_DATA,
    BLOCK_TYPE_MODE1,
    [14] = 0,
    [15] = CD_PREGAP_BLOCKS, /* audio pause length */
    [50] = 0x08,             /* sub-header: sub-mode data */
};

/* clang-format off */
const uint8_t write_parameters_changeable[52] = {
    PAGE_WRITE_PARAMETERS,
    50,
    0x7F, /* BUFE, LS_V, Test Write, write type */
    0xFF, /* multi-session, FP, copy, track mode */
    0x0F, /* data block type */
    0xFF, /* link size */
    0x00,
    0x3F, /* host application code */
    0xFF, /* session format */
    0x00,
    0xFF, 0xFF, 0xFF, 0xFF, /* packet size */
    0xFF, 0xFF,             /* audio pause length */
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, /* media catalogue number */
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, /* ISRC */
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, /* sub-header */
};
/* clang-format on */

static bool digits(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
    }
    return true;
}

static bool capitals_or_digits(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!digits(p + i, 1) && (p[i] < 'A' || p[i] > 'Z'))
            return false;
    }
    return true;
}

static bool with_sub_channel(uint8_t type)
{
    return type >= BLOCK_TYPE_RAW_PQ && type <= BLOCK_TYPE_RAW_PW;
}

/* Audio is raw, data is not, and the disc can store the blocks (MMC-6 tables for track mode and
 * data block type). Four-channel audio was never made. */
static bool track_fits(const uint8_t *page, uint8_t mode)
{
    uint8_t type = page[4] & BLOCK_TYPE;

    if (vcdr_block_bytes(type) == 0 || with_sub_channel(type))
        return false;
    if (type == BLOCK_TYPE_RAW)
        return mode <= (CONTROL_PRE_EMPHASIS | CONTROL_COPY_PERMITTED);
    if (type == BLOCK_TYPE_XA_FORM1 && (page[SUB_MODE_AT] & SUB_MODE_FORM2))
        return false;
    return (mode & ~CONTROL_COPY_PERMITTED) == CONTROL_DATA;
}

/* Of fixed packets; clients leave anything there for variable ones. */
static bool packet_size_fits(const uint8_t *page)
{
    uint32_t blocks = get_be32(page + PACKET_SIZE_AT);

    return !(page[3] & FIXED_PACKETS) || (blocks >= 1 && blocks <= PACKET_BLOCKS);
}

/* What the next track would be, by write type. Session-at-once has all that from the cue sheet, raw
 * writing from the blocks themselves: their track mode is not looked at. */
static bool can_be_written(const uint8_t *page)
{
    uint8_t mode = page[3] & TRACK_MODE, type = page[4] & BLOCK_TYPE;

    switch (page[2] & WRITE_TYPE) {
    case WRITE_TYPE_PACKET: /* data recorded incrementally; nothing else is */
        return (mode & CONTROL_PACKETS) == CONTROL_PACKETS && type != BLOCK_TYPE_RAW &&
               track_fits(page, mode & (uint8_t)~CONTROL_PRE_EMPHASIS) && packet_size_fits(page);
    case WRITE_TYPE_TAO:
        return track_fits(page, mode);
    case WRITE_TYPE_SAO: /* 2 and 3 announce sub-channel: CD-Text in the lead-in, or more */
        return vcdr_block_bytes(type) > 0 && type != BLOCK_TYPE_RAW_PQ;
    case WRITE_TYPE_RAW:
        return with_sub_channel(type);
    default:
        return false;
    }
}

/* While blocks come, how they are written cannot change. */
static bool changes_under_way(const struct command *c, const uint8_t *page)
{
    const struct vcdr_drive *drive = c->drive;
    bool under_way = drive->write_state == WRITE_STATE_WRITING || at_once_begun(drive);

    if (rehearsing(drive) && !(page[2] & WRITE_PARAMETERS_TEST)) /* it ends all that */
        return false;
    if (packet_may_end(c))
        return false;
    return under_way && ((page[2] ^ drive->mode.write_parameters[2]) & WRITE_TYPE);
}

static bool codes_are_right(const uint8_t *page)
{
    const uint8_t *mcn = page + MCN_AT, *isrc = page + ISRC_AT;

    if ((mcn[0] & CODE_VALID) && !digits(mcn + 1, MCN_DIGITS))
        return false;
    if (!(isrc[0] & CODE_VALID))
        return true;
    return capitals_or_digits(isrc + 1, ISRC_LETTERS) &&
           digits(isrc + 1 + ISRC_LETTERS, ISRC_CHARACTERS - ISRC_LETTERS);
}

void write_parameters_applied(struct command *c)
{
    uint32_t sense;

    if (!packets_wanted(c->drive) && c->drive->write_state == WRITE_STATE_WRITING &&
        packet_may_end(c))
        (void)packet_flush(c, &sense); /* what fails is told by the next one to flush */
    if (!(c->drive->mode.write_parameters[2] & WRITE_PARAMETERS_TEST))
        rehearsal_end(c->drive, c->nexus);
    if ((c->drive->mode.write_parameters[2] & WRITE_TYPE) != WRITE_TYPE_SAO &&
        !at_once_begun(c->drive))
        at_once_free(c->drive); /* the cue sheet has been overtaken */
}

uint32_t write_parameters_check(struct command *c, const uint8_t *page)
{
    uint32_t sense = mode_page_check_fixed(mode_page_find(PAGE_WRITE_PARAMETERS), c, page);
    uint8_t format = page[8];

    if (sense != SENSE_NONE)
        return sense;
    if (page[3] >> 6 == MULTISESSION_RESERVED)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    if (format != SESSION_FORMAT_CD_DA_ROM && format != SESSION_FORMAT_CD_I &&
        format != SESSION_FORMAT_CD_ROM_XA)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    if (!can_be_written(page) || !codes_are_right(page))
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    return changes_under_way(c, page) ? SENSE_COMMAND_SEQUENCE_ERROR : SENSE_NONE;
}

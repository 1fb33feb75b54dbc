/* SPDX-License-Identifier: MIT */
/* The data block types (MMC-6 7.5.4.9) that track-at-once can store, a row each. */
#include "disc_private.h"

static const struct block_type types[16] = {
    [BLOCK_TYPE_RAW] = {2352, SECTOR_AUDIO},
    [BLOCK_TYPE_MODE1] = {2048, SECTOR_MODE1},
    [BLOCK_TYPE_XA_FORM1] = {2048, SECTOR_FORM1},
    [BLOCK_TYPE_XA_MIXED] = {2332, SECTOR_MIXED},
};

const struct block_type *block_type_of(unsigned type)
{
    return type < 16 && types[type].bytes > 0 ? &types[type] : NULL;
}

unsigned vcdr_block_bytes(unsigned block_type)
{
    const struct block_type *type = block_type_of(block_type);

    return type ? type->bytes : 0;
}

bool block_type_fits(unsigned block_type, uint8_t control, const uint8_t sub_header[4])
{
    const struct block_type *type = block_type_of(block_type);

    if (!type || control > 15)
        return false;
    switch (type->kind) {
    case SECTOR_AUDIO:
        return (control & CONTROL_DATA) == 0;
    case SECTOR_FORM1: /* a sub-header that says form 2 would make its sectors lie */
        return (control & ~CONTROL_COPY_PERMITTED) == CONTROL_DATA &&
               (sub_header[2] & SECTOR_SUBMODE_FORM2) == 0;
    case SECTOR_MODE1:
    case SECTOR_MODE2:
    case SECTOR_MIXED:
        /* Control 5 is data recorded incrementally: packets, not track-at-once. */
        return (control & ~CONTROL_COPY_PERMITTED) == CONTROL_DATA;
    }
    return false;
}

bool session_format_known(unsigned format)
{
    return format == SESSION_FORMAT_CD_DA_ROM || format == SESSION_FORMAT_CD_I ||
           format == SESSION_FORMAT_CD_ROM_XA;
}

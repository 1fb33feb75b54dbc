/* SPDX-License-Identifier: MIT */
/*
 * What a host's block may look like, a row each: the data block types (MMC-6 7.5.4.9) and the data
 * forms of a cue sheet (MMC-6 SEND CUE SHEET).
 */
#include "disc_private.h"

/* ---- data block types ---- */

static const struct shape types[16] = {
    [BLOCK_TYPE_RAW] = {.main = 2352, .kind = SECTOR_AUDIO},
    [BLOCK_TYPE_RAW_PQ] = {.main = 2352, .kind = SECTOR_AUDIO, .sub = SUB_PQ},
    [BLOCK_TYPE_RAW_PACKED] = {.main = 2352, .kind = SECTOR_AUDIO, .sub = SUB_PACKED},
    [BLOCK_TYPE_RAW_PW] = {.main = 2352, .kind = SECTOR_AUDIO, .sub = SUB_RAW},
    [BLOCK_TYPE_MODE1] = {.main = 2048, .at = SECTOR_DATA_AT, .kind = SECTOR_MODE1},
    [BLOCK_TYPE_MODE2] = {.main = 2336, .at = SECTOR_DATA_AT, .kind = SECTOR_MODE2},
    [BLOCK_TYPE_XA_FORM1] = {.main = 2048, .at = SECTOR_FORM_DATA_AT, .kind = SECTOR_FORM1},
    [BLOCK_TYPE_XA_FORM1_8] = {.main = 2056, .at = SECTOR_DATA_AT, .kind = SECTOR_FORM1_OWN},
    [BLOCK_TYPE_XA_FORM2] = {.main = 2324, .at = SECTOR_FORM_DATA_AT, .kind = SECTOR_FORM2},
    [BLOCK_TYPE_XA_MIXED] = {.main = 2332, .at = SECTOR_DATA_AT, .kind = SECTOR_XA},
};

bool shape_of_type(unsigned type, struct shape *out)
{
    if (type >= 16 || types[type].main == 0)
        return false;
    *out = types[type];
    return true;
}

unsigned vcdr_block_bytes(unsigned block_type)
{
    struct shape shape;

    return shape_of_type(block_type, &shape) ? shape_bytes(&shape) : 0;
}

bool block_type_fits(unsigned block_type, uint8_t control, const uint8_t sub_header[4])
{
    bool says_form2 = sub_header[2] & SECTOR_SUBMODE_FORM2;
    /* Control 5 is data recorded incrementally: packets, not track-at-once. */
    bool data = (control & ~CONTROL_COPY_PERMITTED) == CONTROL_DATA;
    struct shape shape;

    if (!shape_of_type(block_type, &shape) || control > 15)
        return false;
    switch (shape.kind) {
    case SECTOR_AUDIO:
        return (control & CONTROL_DATA) == 0;
    case SECTOR_FORM1: /* a sub-header that says the other form would make its sectors lie */
        return data && !says_form2;
    case SECTOR_FORM2:
        return data && says_form2;
    case SECTOR_MODE1:
    case SECTOR_MODE2:
    case SECTOR_FORM1_OWN:
    case SECTOR_XA:
        return data;
    case SECTOR_RAW:
        break;
    }
    return false;
}

/* ---- data forms ---- */

enum { MAIN_FORMS = 64, FORM_SUB_RESERVED = 2 };

/* The disc makes what the host does not send, and what is to be ignored: zeros. */
static const struct {
    bool known;
    struct shape shape;
} forms[MAIN_FORMS] = {
    [0x00] = {true, {.main = 2352, .kind = SECTOR_AUDIO}},
    [0x01] = {true, {.main = 0, .kind = SECTOR_AUDIO, .empty = true}},
    [0x10] = {true, {.main = 2048, .at = SECTOR_DATA_AT, .kind = SECTOR_MODE1}},
    [0x11] = {true, {.main = 2352, .kind = SECTOR_MODE1}},
    [0x12] = {true, {.main = 2048, .kind = SECTOR_MODE1, .empty = true}},
    [0x13] = {true, {.main = 2352, .kind = SECTOR_MODE1, .empty = true}},
    [0x14] = {true, {.main = 0, .kind = SECTOR_MODE1, .empty = true}},
    [0x20] = {true, {.main = 2336, .at = SECTOR_DATA_AT, .kind = SECTOR_XA}},
    [0x21] = {true, {.main = 2352, .kind = SECTOR_XA}},
    [0x22] = {true, {.main = 2336, .kind = SECTOR_XA, .empty = true}},
    [0x23] = {true, {.main = 2352, .kind = SECTOR_XA, .empty = true}},
    [0x24] = {true, {.main = 0, .kind = SECTOR_XA, .empty = true}},
    [0x30] = {true, {.main = 2336, .at = SECTOR_DATA_AT, .kind = SECTOR_MODE2}},
    [0x31] = {true, {.main = 2352, .kind = SECTOR_MODE2}},
    [0x34] = {true, {.main = 0, .kind = SECTOR_MODE2, .empty = true}},
};
static const enum sub_form subs[4] = {SUB_NONE, SUB_RAW, SUB_NONE, SUB_PACKED};

bool shape_of_form(unsigned form, struct shape *out)
{
    if (form == FORM_RAW_SESSION) {
        *out = (struct shape){.main = 2352, .kind = SECTOR_RAW, .sub = SUB_WHOLE};
        return true;
    }
    if (form > 255 || !forms[form % MAIN_FORMS].known || form / MAIN_FORMS == FORM_SUB_RESERVED)
        return false;
    *out = forms[form % MAIN_FORMS].shape;
    out->sub = subs[form / MAIN_FORMS];
    return true;
}

unsigned shape_bytes(const struct shape *shape)
{
    static const uint8_t bytes[] = {
        [SUB_NONE] = 0, [SUB_PQ] = 16, [SUB_RAW] = 96, [SUB_PACKED] = 96, [SUB_WHOLE] = 96,
    };

    return (unsigned)shape->main + bytes[shape->sub];
}

static bool of_host(unsigned form, struct shape *out)
{
    return form != FORM_RAW_SESSION && shape_of_form(form, out);
}

int vcdr_form_main_bytes(unsigned form)
{
    struct shape shape;

    return of_host(form, &shape) ? shape.main : VCDR_EINVAL;
}

int vcdr_form_bytes(unsigned form)
{
    struct shape shape;

    return of_host(form, &shape) ? (int)shape_bytes(&shape) : VCDR_EINVAL;
}

bool vcdr_form_is_audio(unsigned form)
{
    struct shape shape;

    return of_host(form, &shape) && shape.kind == SECTOR_AUDIO;
}

bool session_format_known(unsigned format)
{
    return format == SESSION_FORMAT_CD_DA_ROM || format == SESSION_FORMAT_CD_I ||
           format == SESSION_FORMAT_CD_ROM_XA;
}

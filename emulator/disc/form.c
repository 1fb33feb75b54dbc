/* SPDX-License-Identifier: MIT */
/* The data forms of a cue sheet (MMC-6 SEND CUE SHEET) that a stretch can have, a row each. */
#include "disc_private.h"

enum { MAIN_FORMS = 64, SUB_RAW = 1, SUB_PACKED = 3 };

static const struct {
    bool known;
    struct block_type type;
} forms[MAIN_FORMS] = {
    [0x00] = {true, {2352, SECTOR_AUDIO}},
    [0x01] = {true, {0, SECTOR_AUDIO}},
    [0x10] = {true, {2048, SECTOR_MODE1}},
    [0x11] = {true, {2352, SECTOR_MODE1}},
    [0x12] = {true, {2048, SECTOR_MODE1}},
    [0x13] = {true, {2352, SECTOR_MODE1}},
    [0x14] = {true, {0, SECTOR_MODE1}},
    [0x20] = {true, {2336, SECTOR_MIXED}},
    [0x21] = {true, {2352, SECTOR_MIXED}},
    [0x22] = {true, {2336, SECTOR_MIXED}},
    [0x23] = {true, {2352, SECTOR_MIXED}},
    [0x24] = {true, {0, SECTOR_MIXED}},
    [0x30] = {true, {2336, SECTOR_MODE2}},
    [0x31] = {true, {2352, SECTOR_MODE2}},
    [0x34] = {true, {0, SECTOR_MODE2}},
};

static bool known(unsigned form)
{
    return form < 256 && forms[form % MAIN_FORMS].known && form / MAIN_FORMS != 2;
}

int vcdr_form_main_bytes(unsigned form)
{
    return known(form) ? forms[form % MAIN_FORMS].type.bytes : VCDR_EINVAL;
}

int vcdr_form_bytes(unsigned form)
{
    int bytes = vcdr_form_main_bytes(form);

    return bytes < 0 || form / MAIN_FORMS == 0 ? bytes : bytes + VCDR_SUB_BYTES;
}

bool vcdr_form_is_audio(unsigned form)
{
    return forms[form % MAIN_FORMS].type.kind == SECTOR_AUDIO;
}

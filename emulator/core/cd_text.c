/* SPDX-License-Identifier: MIT */
/* CD-Text as the R-W of a lead-in carries it (Red Book, MMC-3 annex J). */
#include <string.h>

#include "at_once.h"

/* Byte 0 of a pack: 80h title ... 8Fh sizes; bits 6-4 of byte 3: its block, a language. */
enum { PACK_TYPE_FIRST = 0x80, PACK_TYPE_LAST = 0x8F };

static void take_pack(struct cd_text *text, const uint8_t *pack)
{
    unsigned block = pack[3] >> 4 & 0x07, sequence = pack[2];

    if (pack[0] < PACK_TYPE_FIRST || pack[0] > PACK_TYPE_LAST || text->seen[block][sequence])
        return;
    text->seen[block][sequence] = true;
    memcpy(text->packs[block * CD_TEXT_SEQUENCES + sequence], pack, VCDR_PACK_BYTES);
}

void cd_text_collect(struct cd_text *text, const uint8_t rw[VCDR_SUB_BYTES])
{
    uint8_t packs[VCDR_PACKS_PER_BLOCK * VCDR_PACK_BYTES];

    vcdr_sub_get_packs(rw, packs);
    for (unsigned i = 0; i < VCDR_PACKS_PER_BLOCK; i++)
        take_pack(text, packs + i * VCDR_PACK_BYTES);
}

unsigned cd_text_finish(struct cd_text *text)
{
    unsigned count = 0;

    for (unsigned i = 0; i < CD_TEXT_BLOCKS * CD_TEXT_SEQUENCES; i++) {
        if (!text->seen[i / CD_TEXT_SEQUENCES][i % CD_TEXT_SEQUENCES])
            continue;
        memmove(text->packs[count], text->packs[i], VCDR_PACK_BYTES);
        count++;
    }
    for (unsigned i = 0; i < CD_TEXT_BLOCKS * CD_TEXT_SEQUENCES; i++) /* the same, asked again */
        text->seen[i / CD_TEXT_SEQUENCES][i % CD_TEXT_SEQUENCES] = i < count;
    return count;
}

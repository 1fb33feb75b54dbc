/* SPDX-License-Identifier: MIT */
/* ECMA-130 annex B: data sectors on a disc are mixed with the bits of a shift register. */
#include <string.h>

#include "sector.h"

/* x^15+x+1, least significant bit first, preset to 1 before the header of each sector. */
void scramble_table_make(struct scramble_table *table)
{
    unsigned bits = 1;

    memset(table->of, 0, SECTOR_HEADER_AT);
    for (unsigned i = SECTOR_HEADER_AT; i < SECTOR_BYTES; i++) {
        table->of[i] = (uint8_t)bits;
        for (int bit = 0; bit < 8; bit++)
            bits = bits >> 1 | ((bits ^ bits >> 1) & 1) << 14;
    }
}

bool sector_has_sync(const uint8_t sector[SECTOR_BYTES])
{
    static const uint8_t sync[12] = {0,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};

    return memcmp(sector, sync, sizeof(sync)) == 0;
}

void sector_scramble(const struct scramble_table *table, uint8_t sector[SECTOR_BYTES])
{
    if (!sector_has_sync(sector))
        return;
    for (unsigned i = SECTOR_HEADER_AT; i < SECTOR_BYTES; i++)
        sector[i] ^= table->of[i];
}

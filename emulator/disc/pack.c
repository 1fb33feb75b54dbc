/* SPDX-License-Identifier: MIT */
/*
 * R-W in pack form (IEC 60908 on the sub-channel's graphics mode): parity over GF(64), x^6+x+1, and
 * the interleave over eight packs. A pack is 24 symbols: 0-1 command, 2-3 their parity Q, 4-19
 * data, 20-23 parity P.
 */
#include <string.h>
#include <vcdr/subchannel.h>

enum { SYMBOLS = 24, BITS = 0x3F, BLOCK_PACKS = 4, MAX_DELAY = 7 };

/* Times alpha. */
static uint8_t times_alpha(uint8_t x)
{
    return (uint8_t)((x << 1 & BITS) ^ (x & 0x20 ? 0x03 : 0));
}

/*
 * The last n of len symbols are parity such that the word is a multiple of the product of
 * (x - alpha^i), i = 0..n-1: the rest of the division by it.
 */
static void put_parity(uint8_t *word, unsigned len, unsigned n, const uint8_t *generator)
{
    uint8_t rest[4] = {0};

    for (unsigned i = 0; i < len - n; i++) {
        uint8_t lead = (uint8_t)((word[i] & BITS) ^ rest[0]);

        for (unsigned k = 0; k < n; k++) {
            uint8_t product = 0;

            for (unsigned bit = 0, x = lead; bit < 6; bit++, x = times_alpha((uint8_t)x))
                if (generator[k] >> bit & 1)
                    product ^= (uint8_t)x;
            rest[k] = (uint8_t)(product ^ (k + 1 < n ? rest[k + 1] : 0));
        }
    }
    memcpy(word + len - n, rest, n);
}

void vcdr_sub_pack_parity(uint8_t packed[96])
{
    /* Coefficients below the leading one: (x+1)(x+a) and (x+1)(x+a)(x+a^2)(x+a^3). */
    static const uint8_t of_two[2] = {0x03, 0x02};
    static const uint8_t of_four[4] = {0x0F, 0x36, 0x3B, 0x03};

    for (unsigned i = 0; i < BLOCK_PACKS; i++, packed += SYMBOLS) {
        put_parity(packed, 4, 2, of_two);
        put_parity(packed, SYMBOLS, 4, of_four);
    }
}

/* Where symbols go before they are delayed: three pairs change places. */
static unsigned place_of(unsigned symbol)
{
    switch (symbol) {
    case 1:
        return 18;
    case 18:
        return 1;
    case 2:
        return 5;
    case 5:
        return 2;
    case 3:
        return 23;
    case 23:
        return 3;
    default:
        return symbol;
    }
}

void vcdr_sub_of_packed(const uint8_t *packed, uint8_t pw[96])
{
    for (unsigned pack = 0; pack < BLOCK_PACKS; pack++)
        for (unsigned symbol = 0; symbol < SYMBOLS; symbol++) {
            unsigned place = place_of(symbol);
            /* A symbol is delayed by as many packs as its place says, modulo eight. */
            unsigned from = 2 * BLOCK_PACKS + pack - place % (MAX_DELAY + 1);
            uint8_t *to = &pw[pack * SYMBOLS + place];

            *to = (uint8_t)((*to & ~BITS) | (packed[from * SYMBOLS + symbol] & BITS));
        }
}

void vcdr_sub_to_packed(const uint8_t pw[3 * 96], uint8_t packed[96])
{
    for (unsigned pack = 0; pack < BLOCK_PACKS; pack++)
        for (unsigned symbol = 0; symbol < SYMBOLS; symbol++) {
            unsigned place = place_of(symbol);
            unsigned at = pack + place % (MAX_DELAY + 1);

            packed[pack * SYMBOLS + symbol] = pw[at * SYMBOLS + place] & BITS;
        }
}

/* SPDX-License-Identifier: MIT */
#include "tests/pair/sector.h"
#include <string.h>

/* ECMA-130 14.3: divisor (x^16+x^15+x^2+1)(x^16+x^2+x+1), least significant bit first. */
static uint32_t edc_of(const uint8_t *data, unsigned length)
{
    uint32_t edc = 0;
    for (unsigned i = 0; i < length; i++) {
        edc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            edc = edc & 1 ? edc >> 1 ^ 0xD8018001 : edc >> 1;
    }
    return edc;
}

/* GF(2^8) of annex A: x^8+x^4+x^3+x^2+1, alpha = 2. */
static uint8_t times_alpha(uint8_t value)
{
    return (uint8_t)(value << 1 ^ (value & 0x80 ? 0x1D : 0));
}

/*
 * A code word is right when both syndromes are zero: the sum of its symbols, and their sum weighted
 * by powers of alpha, the last symbol by alpha^0 (Horner's rule). Rows are bytes of words: annex A
 * takes the low and the high bytes of the sector's words apart.
 */
static int word_is_right(const uint8_t *bytes, const unsigned *places, unsigned count,
                         unsigned part)
{
    uint8_t s0 = 0, s1 = 0;
    for (unsigned i = 0; i < count; i++) {
        uint8_t symbol = bytes[2 * places[i] + part];
        s0 ^= symbol;
        s1 = (uint8_t)(times_alpha(s1) ^ symbol);
    }
    return s0 == 0 && s1 == 0;
}

/* Annex A.1: 43 columns of 24 words and 2 parity words, from byte 12 on. */
static int p_is_right(const uint8_t *bytes)
{
    for (unsigned column = 0; column < 43; column++) {
        unsigned places[26];
        for (unsigned m = 0; m < 26; m++)
            places[m] = 43 * m + column;
        if (!word_is_right(bytes, places, 26, 0) || !word_is_right(bytes, places, 26, 1))
            return 0;
    }
    return 1;
}

/* Annex A.2: 26 diagonals of 43 words and 2 parity words. */
static int q_is_right(const uint8_t *bytes)
{
    for (unsigned diagonal = 0; diagonal < 26; diagonal++) {
        unsigned places[45];
        for (unsigned m = 0; m < 43; m++)
            places[m] = (44 * m + 43 * diagonal) % 1118;
        places[43] = 1118 + diagonal;
        places[44] = 1118 + 26 + diagonal;
        if (!word_is_right(bytes, places, 45, 0) || !word_is_right(bytes, places, 45, 1))
            return 0;
    }
    return 1;
}

static uint8_t bcd(uint32_t value)
{
    return (uint8_t)(value / 10 << 4 | value % 10);
}

const char *sector_fault(const uint8_t sector[2352], int32_t lba)
{
    static const uint8_t sync[12] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
    uint32_t time = (uint32_t)(lba + 150);
    uint8_t header[4] = {bcd(time / 75 / 60), bcd(time / 75 % 60), bcd(time % 75), 1};
    uint32_t edc = (uint32_t)sector[2064] | (uint32_t)sector[2065] << 8 |
                   (uint32_t)sector[2066] << 16 | (uint32_t)sector[2067] << 24;
    static const uint8_t zeros[8];
    if (memcmp(sector, sync, sizeof sync) != 0)
        return "sync";
    if (memcmp(sector + 12, header, sizeof header) != 0)
        return "header";
    if (edc_of(sector, 2064) != edc)
        return "EDC";
    if (memcmp(sector + 2068, zeros, sizeof zeros) != 0)
        return "the 8 zero bytes";
    if (!p_is_right(sector + 12))
        return "P parity";
    return q_is_right(sector + 12) ? NULL : "Q parity";
}

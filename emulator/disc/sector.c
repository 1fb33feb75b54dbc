/* SPDX-License-Identifier: MIT */
#include "sector.h"

#include <string.h>
#include <vcdr/codes.h>

/* ---- EDC: (x^16+x^15+x^2+1)(x^16+x^2+x+1), least significant bit first ---- */

#define EDC_POLYNOMIAL 0xD8018001

void edc_table_make(struct edc_table *table)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;

        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? EDC_POLYNOMIAL : 0);
        table->of[0][i] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t before = table->of[k - 1][i];

            table->of[k][i] = before >> 8 ^ table->of[0][before & 255];
        }
}

uint32_t edc_of(const struct edc_table *table, const uint8_t *p, unsigned len)
{
    const uint32_t(*of)[256] = table->of;
    uint32_t crc = 0;

    for (; len >= 8; len -= 8, p += 8) {
        crc ^= (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
        crc = of[7][crc & 255] ^ of[6][crc >> 8 & 255] ^ of[5][crc >> 16 & 255] ^ of[4][crc >> 24] ^
              of[3][p[4]] ^ of[2][p[5]] ^ of[1][p[6]] ^ of[0][p[7]];
    }
    for (; len > 0; len--)
        crc = crc >> 8 ^ of[0][(crc ^ *p++) & 255];
    return crc;
}

static void put_edc(const struct edc_table *table, uint8_t *sector, unsigned from, unsigned to)
{
    uint32_t crc = edc_of(table, sector + from, to - from);

    for (int i = 0; i < 4; i++)
        sector[to + (unsigned)i] = (uint8_t)(crc >> (8 * i));
}

bool sector_edc_good(const struct edc_table *table, const uint8_t *sector, unsigned from,
                     unsigned to)
{
    uint32_t crc = edc_of(table, sector + from, to - from);

    for (int i = 0; i < 4; i++)
        if (sector[to + (unsigned)i] != (uint8_t)(crc >> (8 * i)))
            return false;
    return true;
}

/* ---- ECC: Reed-Solomon product code over GF(256), x^8+x^4+x^3+x^2+1 (ECMA-130 annex A) ----
 *
 * A code word d[0..k-1], a, b obeys sum = 0 and sum of alpha^(n-1-i) c[i] = 0. With s0 the sum of
 * the data and s1 the weighted one: a = (s0 + s1) / (alpha + 1), b = s0 + a. All words of a code
 * are worked on side by side, a row of bytes at a time, eight bytes in one 64-bit lane: GF(256)
 * needs nothing but shifts and sums, and the order of bytes in a lane does not matter.
 */

enum {
    P_WORDS = 86, /* byte columns: 43 columns of two bytes */
    P_LANES = 11, /* 88 bytes: the two behind a row are carried along and dropped */
    P_ROWS = 24,
    Q_DIAGONALS = 26,
    Q_WORDS = 52,
    Q_LANES = 7,
    Q_STEPS = 43,
    Q_CYCLE = 1118, /* 26 rows of 43 columns, parity P included */
    P_AT = 2076,
    Q_AT = 2248,
};

/* Each byte times alpha. */
static inline uint64_t times_alpha(uint64_t x)
{
    return (x << 1 & 0xFEFEFEFEFEFEFEFE) ^ (x >> 7 & 0x0101010101010101) * 0x1D;
}

/* Each byte over alpha + 1: times its inverse F4h = alpha^7+6+5+4+2. */
static inline uint64_t over_alpha_plus_1(uint64_t x)
{
    uint64_t x2 = times_alpha(times_alpha(x));
    uint64_t x4 = times_alpha(times_alpha(x2));
    uint64_t x5 = times_alpha(x4);
    uint64_t x6 = times_alpha(x5);

    return x2 ^ x4 ^ x5 ^ x6 ^ times_alpha(x6);
}

/* Adds one row of bytes to the sums. */
static inline void take_row(uint64_t *s0, uint64_t *s1, const uint8_t *row, unsigned lanes)
{
    for (unsigned i = 0; i < lanes; i++) {
        uint64_t lane;

        memcpy(&lane, row + 8 * i, 8);
        s0[i] ^= lane;
        s1[i] = times_alpha(s1[i]) ^ lane;
    }
}

/* Two rows of parity from the sums of the data: a, then b. */
static inline void put_parity(uint64_t *s0, uint64_t *s1, unsigned lanes, uint8_t *to,
                              unsigned words)
{
    for (unsigned i = 0; i < lanes; i++) {
        s1[i] = over_alpha_plus_1(s0[i] ^ times_alpha(times_alpha(s1[i])));
        s0[i] ^= s1[i];
    }
    memcpy(to, s1, words);
    memcpy(to + words, s0, words);
}

static void put_p(uint8_t *sector)
{
    uint64_t s0[P_LANES] = {0}, s1[P_LANES] = {0};

    for (unsigned row = 0; row < P_ROWS; row++)
        take_row(s0, s1, sector + SECTOR_HEADER_AT + row * P_WORDS, P_LANES);
    put_parity(s0, s1, P_LANES, sector + P_AT, P_WORDS);
}

/* Diagonal n holds the words (44 m + 43 n) mod 1118 for m = 0..42. */
static void put_q(uint8_t *sector)
{
    uint64_t s0[Q_LANES] = {0}, s1[Q_LANES] = {0};

    for (unsigned m = 0; m < Q_STEPS; m++) {
        uint8_t row[8 * Q_LANES] = {0};
        unsigned word = 44 * m % Q_CYCLE;

        for (unsigned n = 0; n < Q_DIAGONALS; n++) {
            memcpy(row + 2 * n, sector + SECTOR_HEADER_AT + 2 * word, 2);
            word += 43;
            if (word >= Q_CYCLE)
                word -= Q_CYCLE;
        }
        take_row(s0, s1, row, Q_LANES);
    }
    put_parity(s0, s1, Q_LANES, sector + Q_AT, Q_WORDS);
}

/* ---- sectors ---- */

static uint8_t bcd(unsigned v)
{
    return (uint8_t)(v / 10 << 4 | v % 10);
}

/* ECMA-130 14.1, 14.2: 00, ten times FF, 00; then minute, second, frame in BCD and the mode. */
static void put_sync_and_header(uint8_t *sector, int32_t lba, uint8_t mode)
{
    uint32_t frame = (uint32_t)(lba + CD_PREGAP_BLOCKS);

    sector[0] = 0;
    memset(sector + 1, 0xFF, 10);
    sector[11] = 0;
    sector[12] = bcd(frame / (60 * CD_BLOCKS_PER_SECOND));
    sector[13] = bcd(frame / CD_BLOCKS_PER_SECOND % 60);
    sector[14] = bcd(frame % CD_BLOCKS_PER_SECOND);
    sector[15] = mode;
}

void sector_finish_mode1(const struct edc_table *table, uint8_t sector[SECTOR_BYTES], int32_t lba)
{
    put_sync_and_header(sector, lba, 1);
    put_edc(table, sector, 0, SECTOR_MODE1_EDC_AT);
    memset(sector + 2068, 0, 8);
    put_p(sector);
    put_q(sector);
}

void sector_finish_mode2(const struct edc_table *table, uint8_t sector[SECTOR_BYTES], int32_t lba)
{
    if (sector[SECTOR_SUBMODE_AT] & SECTOR_SUBMODE_FORM2) {
        put_sync_and_header(sector, lba, 2);
        put_edc(table, sector, SECTOR_DATA_AT, SECTOR_FORM2_EDC_AT);
        return;
    }
    put_edc(table, sector, SECTOR_DATA_AT, SECTOR_FORM1_EDC_AT);
    /* Form 1 parity is computed as if the header were zero, so that a sector can be moved. */
    memset(sector + SECTOR_HEADER_AT, 0, 4);
    put_p(sector);
    put_q(sector);
    put_sync_and_header(sector, lba, 2);
}

void sector_finish_formless(uint8_t sector[SECTOR_BYTES], int32_t lba)
{
    put_sync_and_header(sector, lba, 2);
}

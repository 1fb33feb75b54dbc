/* SPDX-License-Identifier: MIT */
/* Q and the other channels of one block (IEC 60908, MMC-6 4.2.3): bytes made and taken apart. */
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/subchannel.h>

#include "bytes.h"

enum { ADR_POSITION = 1, ADR_MCN = 2, ADR_ISRC = 3, Q_CRC_AT = 10 };
enum { P_BIT = 0x80, Q_BIT = 0x40, RW_BITS = 0x3F };

uint16_t vcdr_sub_crc(const uint8_t *p, size_t len)
{
    uint16_t crc = 0;

    for (; len > 0; len--, p++) {
        crc ^= (uint16_t)(*p << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0));
    }
    return (uint16_t)~crc;
}

/* ---- Q among the others ---- */

void vcdr_sub_get_q(const uint8_t pw[96], uint8_t q[12])
{
    memset(q, 0, VCDR_Q_BYTES);
    for (unsigned i = 0; i < VCDR_SUB_BYTES; i++)
        if (pw[i] & Q_BIT)
            q[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

bool vcdr_sub_q_good(const uint8_t q[12])
{
    return vcdr_sub_crc(q, Q_CRC_AT) == get_be16(q + Q_CRC_AT);
}

void vcdr_sub_put_pq(uint8_t pw[96], bool p, const uint8_t q[12])
{
    for (unsigned i = 0; i < VCDR_SUB_BYTES; i++) {
        uint8_t bits = p ? P_BIT : 0;

        if (q[i / 8] & 0x80 >> i % 8)
            bits |= Q_BIT;
        pw[i] = (uint8_t)((pw[i] & RW_BITS) | bits);
    }
}

void vcdr_sub_of_pq16(const uint8_t pq[16], uint8_t pw[96])
{
    uint8_t q[VCDR_Q_BYTES];

    memcpy(q, pq, Q_CRC_AT);
    put_be16(q + Q_CRC_AT, vcdr_sub_crc(q, Q_CRC_AT));
    memset(pw, 0, VCDR_SUB_BYTES);
    vcdr_sub_put_pq(pw, pq[15] & 0x80, q);
}

void vcdr_sub_to_pq16(const uint8_t pw[96], uint8_t pq[16])
{
    vcdr_sub_get_q(pw, pq);
    memset(pq + VCDR_Q_BYTES, 0, 3);
    pq[15] = pw[0] & P_BIT;
}

/* ---- what Q says ---- */

static uint8_t bcd(unsigned v)
{
    return (uint8_t)(v / 10 << 4 | v % 10);
}

static void put_msf(uint8_t *to, uint32_t frames)
{
    to[0] = bcd(frames / (60 * CD_BLOCKS_PER_SECOND));
    to[1] = bcd(frames / CD_BLOCKS_PER_SECOND % 60);
    to[2] = bcd(frames % CD_BLOCKS_PER_SECOND);
}

static void start_q(uint8_t *q, uint8_t control, unsigned adr)
{
    memset(q, 0, VCDR_Q_BYTES);
    q[0] = (uint8_t)(control << 4 | adr);
}

static void finish_q(uint8_t *q)
{
    put_be16(q + Q_CRC_AT, vcdr_sub_crc(q, Q_CRC_AT));
}

void vcdr_sub_q_position(uint8_t q[12], uint8_t control, uint8_t track, uint8_t index,
                         int32_t relative, int32_t lba)
{
    start_q(q, control, ADR_POSITION);
    q[1] = bcd(track);
    q[2] = bcd(index);
    /* A pre-gap counts down, and its last block says zero. */
    put_msf(q + 3, (uint32_t)(relative < 0 ? -1 - relative : relative));
    put_msf(q + 7, (uint32_t)(lba + CD_PREGAP_BLOCKS));
    finish_q(q);
}

void vcdr_sub_q_mcn(uint8_t q[12], uint8_t control, const char *mcn, int32_t lba)
{
    start_q(q, control, ADR_MCN);
    for (unsigned i = 0; i < 13; i++)
        q[1 + i / 2] |= (uint8_t)((mcn[i] - '0') << (i % 2 == 0 ? 4 : 0));
    q[9] = bcd((uint32_t)(lba + CD_PREGAP_BLOCKS) % CD_BLOCKS_PER_SECOND);
    finish_q(q);
}

void vcdr_sub_q_isrc(uint8_t q[12], uint8_t control, const char *isrc, int32_t lba)
{
    uint32_t letters = 0;

    start_q(q, control, ADR_ISRC);
    for (unsigned i = 0; i < 5; i++)
        letters = letters << 6 | (uint32_t)((isrc[i] - '0') & RW_BITS);
    put_be32(q + 1, letters << 2);
    for (unsigned i = 0; i < 7; i++)
        q[5 + i / 2] |= (uint8_t)((isrc[5 + i] - '0') << (i % 2 == 0 ? 4 : 0) & 0xFF);
    q[9] = bcd((uint32_t)(lba + CD_PREGAP_BLOCKS) % CD_BLOCKS_PER_SECOND);
    finish_q(q);
}

/* n BCD digits as text. */
static bool get_digits(const uint8_t *from, char *to, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned digit = from[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;

        if (digit > 9)
            return false;
        to[i] = (char)('0' + digit);
    }
    return true;
}

bool vcdr_sub_q_get_mcn(const uint8_t q[12], char mcn[14])
{
    char text[14] = {0};

    if ((q[0] & 15) != ADR_MCN || !get_digits(q + 1, text, 13))
        return false;
    memcpy(mcn, text, sizeof(text));
    return true;
}

bool vcdr_sub_q_get_isrc(const uint8_t q[12], char isrc[13])
{
    uint32_t letters = get_be32(q + 1) >> 2;
    char text[13] = {0};

    if ((q[0] & 15) != ADR_ISRC || !get_digits(q + 5, text + 5, 7))
        return false;
    for (unsigned i = 0; i < 5; i++) {
        text[i] = (char)('0' + (letters >> (24 - 6 * i) & RW_BITS));
        if (!(text[i] >= '0' && text[i] <= '9') && !(text[i] >= 'A' && text[i] <= 'Z'))
            return false;
    }
    memcpy(isrc, text, sizeof(text));
    return true;
}

/* ---- CD-Text: eighteen bytes are 24 symbols of six bits, high ones first ---- */

void vcdr_sub_get_packs(const uint8_t rw[96], uint8_t packs[72])
{
    for (unsigned i = 0; i < VCDR_SUB_BYTES; i += 4, rw += 4, packs += 3) {
        uint32_t bits = (uint32_t)(rw[0] & RW_BITS) << 18 | (uint32_t)(rw[1] & RW_BITS) << 12 |
                        (uint32_t)(rw[2] & RW_BITS) << 6 | (uint32_t)(rw[3] & RW_BITS);

        packs[0] = (uint8_t)(bits >> 16);
        packs[1] = (uint8_t)(bits >> 8);
        packs[2] = (uint8_t)bits;
    }
}

void vcdr_sub_put_packs(uint8_t rw[96], const uint8_t packs[72])
{
    for (unsigned i = 0; i < VCDR_SUB_BYTES; i += 4, rw += 4, packs += 3) {
        uint32_t bits = (uint32_t)packs[0] << 16 | (uint32_t)packs[1] << 8 | packs[2];

        for (unsigned k = 0; k < 4; k++)
            rw[k] = (uint8_t)((rw[k] & ~RW_BITS) | (bits >> (18 - 6 * k) & RW_BITS));
    }
}

/* SPDX-License-Identifier: MIT */
/*
 * The sub-channel of one block as bytes: 96 of raw P-W, each with a bit of P (7), Q (6), R ... W (0);
 * the 12 bytes of Q in them; packs of CD-Text in the six bits of R-W. Pure functions of their
 * arguments, callable in any thread; no pointer may be NULL. They know no disc.
 */
#ifndef VCDR_SUBCHANNEL_H
#define VCDR_SUBCHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    VCDR_SUB_BYTES = 96,
    VCDR_Q_BYTES = 12,
    VCDR_PACK_BYTES = 18,      /* of CD-Text */
    VCDR_PACKS_PER_BLOCK = 4,  /* 24 symbols of six bits each */
};

/* x^16+x^12+x^5+1, start 0, inverted: of ten bytes of Q, or sixteen of a CD-Text pack; stored
 * big-endian behind them. */
uint16_t vcdr_sub_crc(const uint8_t *p, size_t len);

/* The Q bytes out of raw P-W. */
void vcdr_sub_get_q(const uint8_t pw[96], uint8_t q[12]);
/* Does Q's CRC agree? */
bool vcdr_sub_q_good(const uint8_t q[12]);
/* Puts P and Q into raw P-W; R-W stay. */
void vcdr_sub_put_pq(uint8_t pw[96], bool p, const uint8_t q[12]);

/* Block type 1's sixteen bytes (ten of Q, CRC, three of zero, P in bit 7 of the last) as raw P-W with
 * R-W zero; the CRC is made anew. */
void vcdr_sub_of_pq16(const uint8_t pq[16], uint8_t pw[96]);
/* And the other way. */
void vcdr_sub_to_pq16(const uint8_t pw[96], uint8_t pq[16]);

/* Sub-channel of a Q in mode 1 (IEC 60908): position. `relative` counts blocks from index 1 and is
 * negative in a pre-gap, where Q counts down to zero. CRC included. */
void vcdr_sub_q_position(uint8_t q[12], uint8_t control, uint8_t track, uint8_t index,
                         int32_t relative, int32_t lba);
/* Mode 2: 13 digits of catalogue number. */
void vcdr_sub_q_mcn(uint8_t q[12], uint8_t control, const char *mcn, int32_t lba);
/* Mode 3: 12 characters of ISRC: five of 0-9, A-Z, then seven digits. */
void vcdr_sub_q_isrc(uint8_t q[12], uint8_t control, const char *isrc, int32_t lba);
/* The digits of a mode 2, or characters of a mode 3 Q, as text; false when they are none. */
bool vcdr_sub_q_get_mcn(const uint8_t q[12], char mcn[14]);
bool vcdr_sub_q_get_isrc(const uint8_t q[12], char isrc[13]);

/* Four CD-Text packs between their 18 bytes each and the R-W of a lead-in block, which are bits 5-0
 * of each byte; bits 7-6 are left alone and not looked at. */
void vcdr_sub_get_packs(const uint8_t rw[96], uint8_t packs[72]);
void vcdr_sub_put_packs(uint8_t rw[96], const uint8_t packs[72]);

/*
 * R-W in pack form (IEC 60908: CD-G and the like), as data block type 2 and forms C0h have it: four
 * packs of 24 symbols a block; on the disc they have parity and are interleaved over eight packs.
 * `packed` are 288 bytes: those of the two blocks before it (zeros where there are none), then the
 * block's own; bits 5-0 of pw receive the symbols, bits 7-6 stay.
 */
void vcdr_sub_of_packed(const uint8_t *packed, uint8_t pw[96]);
/* The other way, symbols as they come: `pw` is the block's 96 bytes and those of the two behind it
 * (zeros where there are none). */
void vcdr_sub_to_packed(const uint8_t pw[3 * 96], uint8_t packed[96]);
/* Fills the four parity symbols (20-23) and two (2-3) of each of four packs from the others. */
void vcdr_sub_pack_parity(uint8_t packed[96]);

#ifdef __cplusplus
}
#endif
#endif

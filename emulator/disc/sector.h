/* SPDX-License-Identifier: MIT */
/*
 * The layout of a data sector: sync, header, EDC and ECC (ECMA-130 clauses 14-16 and annex A, IEC
 * 10149). It knows blocks of 2352 bytes and their addresses, not discs.
 */
#ifndef VCDR_DISC_SECTOR_H
#define VCDR_DISC_SECTOR_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SECTOR_BYTES = 2352,
    SECTOR_HEADER_AT = 12,
    SECTOR_DATA_AT = 16,      /* mode 1: user data; mode 2: sub-header */
    SECTOR_FORM_DATA_AT = 24, /* mode 2: user data */
    SECTOR_SUBMODE_AT = 18,
    SECTOR_USER_BYTES = 2048,
    SECTOR_FORM2_BYTES = 2324,
};
#define SECTOR_SUBMODE_FORM2 0x20

/* The EDC's CRC of eight bytes at a time; one for each disc, since nothing here is global. */
struct edc_table {
    uint32_t of[8][256];
};
void edc_table_make(struct edc_table *table);

/* ECMA-130 14.3: the check word over bytes, start 0, no inversion. */
uint32_t edc_of(const struct edc_table *table, const uint8_t *p, unsigned len);

/* User data lie at SECTOR_DATA_AT; writes all the rest of a mode 1 sector. */
void sector_finish_mode1(const struct edc_table *table, uint8_t sector[SECTOR_BYTES], int32_t lba);

/* The sub-header lies at SECTOR_DATA_AT (8 bytes), user data behind it; writes all the rest of an
 * XA sector of form 1 or 2, whichever the first sub-mode byte says. */
void sector_finish_mode2(const struct edc_table *table, uint8_t sector[SECTOR_BYTES], int32_t lba);

#endif

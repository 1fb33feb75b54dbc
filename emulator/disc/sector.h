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
    SECTOR_MODE1_EDC_AT = 2064,
    SECTOR_FORM1_EDC_AT = 2072,
    SECTOR_FORM2_EDC_AT = 2348,
};
#define SECTOR_SUBMODE_FORM2 0x20

/* The EDC's CRC of eight bytes at a time; one for each disc, since nothing here is global. */
struct edc_table {
    uint32_t of[8][256];
};
void edc_table_make(struct edc_table *table);

/* ECMA-130 14.3: the check word over bytes, start 0, no inversion. */
uint32_t edc_of(const struct edc_table *table, const uint8_t *p, unsigned len);

/* Does the check word at `to` agree with the bytes from `from` up to it? */
bool sector_edc_good(const struct edc_table *table, const uint8_t *sector, unsigned from,
                     unsigned to);

/* User data lie at SECTOR_DATA_AT; writes all the rest of a mode 1 sector. */
void sector_finish_mode1(const struct edc_table *table, uint8_t sector[SECTOR_BYTES], int32_t lba);

/* All but sync and header lie there already: a sector of mode 2 without form. */
void sector_finish_formless(uint8_t sector[SECTOR_BYTES], int32_t lba);

/* ECMA-130 annex B, on a sector of the disc; undoes itself. A sector without sync is left alone, as
 * a drive cannot tell where it begins. */
struct scramble_table {
    uint8_t of[SECTOR_BYTES];
};
void scramble_table_make(struct scramble_table *table);
void sector_scramble(const struct scramble_table *table, uint8_t sector[SECTOR_BYTES]);
bool sector_has_sync(const uint8_t sector[SECTOR_BYTES]);

/* The sub-header lies at SECTOR_DATA_AT (8 bytes), user data behind it; writes all the rest of an
 * XA sector of form 1 or 2, whichever the first sub-mode byte says. */
void sector_finish_mode2(const struct edc_table *table, uint8_t sector[SECTOR_BYTES], int32_t lba);

#endif

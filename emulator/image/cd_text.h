/* SPDX-License-Identifier: MIT */
/* Titles and names of a sheet as packs of CD-Text (Red Book; MMC-3 annex J). */
#ifndef VCDR_IMAGE_CD_TEXT_H
#define VCDR_IMAGE_CD_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* In the order of their pack types, 80h and on. */
enum cd_text_field {
    CD_TEXT_TITLE,
    CD_TEXT_PERFORMER,
    CD_TEXT_SONGWRITER,
    CD_TEXT_COMPOSER,
    CD_TEXT_ARRANGER,
    CD_TEXT_MESSAGE,
    CD_TEXT_FIELDS
};

/* Texts of the disc ([0]) and of each track, in UTF-8 or ISO 8859-1; owned, NULL: none. */
struct cd_text {
    char *text[CD_TEXT_FIELDS][100];
};

/* Keeps a copy, in ISO 8859-1; one that is there already is replaced. VCDR_ENOMEM; VCDR_EINVAL: it
 * has a character that is not of ISO 8859-1. */
int cd_text_set(struct cd_text *text, enum cd_text_field field, unsigned track, const char *bytes,
                size_t len);

/* The packs of a session with these tracks, one language block, English; malloc'ed, the caller
 * frees. Without any text none: *packs is NULL. VCDR_ENOMEM; VCDR_EINVAL: more than 256 packs. */
int cd_text_make(const struct cd_text *text, unsigned first, unsigned last, uint8_t **packs,
                 unsigned *count);

/* The texts of the first language block that is in single bytes; what is damaged, or no text, is
 * left out. `text` is empty before and on failure. VCDR_ENOMEM. */
int cd_text_read(struct cd_text *text, const uint8_t *packs, unsigned count);

void cd_text_free(struct cd_text *text); /* what it holds */

#endif

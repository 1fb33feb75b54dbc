/* SPDX-License-Identifier: MIT */
#include "cd_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/error.h>
#include <vcdr/subchannel.h>

enum {
    LIMIT = 256, /* sequence numbers of a block */
    TEXT_AT = 4,
    TEXT_BYTES = 12,
    CRC_AT = 16,
    TYPE_FIRST = 0x80,
    TYPE_SIZES = 0x8F,
    SIZE_PACKS = 3,
    ENGLISH = 0x09,
    FAR = 15, /* so many characters before, or more */
};

/* ---- text ---- */

/* One character of UTF-8 that ISO 8859-1 has takes two bytes at most. */
static bool is_utf8(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned more = p[i] < 0x80                   ? 0
                        : p[i] >= 0xC2 && p[i] < 0xE0 ? 1
                        : p[i] >> 4 == 0xE            ? 2
                        : p[i] >= 0xF0 && p[i] < 0xF5 ? 3
                                                      : 4;

        if (more == 4 || more >= len - i)
            return false;
        for (i++; more > 0; more--, i++)
            if (p[i] >> 6 != 2)
                return false;
    }
    return true;
}

static int to_latin1(uint8_t *to, const uint8_t *from, size_t len)
{
    if (!is_utf8(from, len)) {
        memcpy(to, from, len);
        to[len] = 0;
        return VCDR_OK;
    }
    for (size_t i = 0; i < len; i++) {
        if (from[i] < 0x80) {
            *to++ = from[i];
        } else if (from[i] > 0xC3) {
            return VCDR_EINVAL;
        } else {
            *to++ = (uint8_t)((from[i] & 0x03) << 6 | (from[i + 1] & 0x3F));
            i++;
        }
    }
    *to = 0;
    return VCDR_OK;
}

int cd_text_set(struct cd_text *text, enum cd_text_field field, unsigned track, const char *bytes,
                size_t len)
{
    char *copy = malloc(len + 1);
    int rc;

    if (!copy)
        return VCDR_ENOMEM;
    rc = to_latin1((uint8_t *)copy, (const uint8_t *)bytes, len);
    if (rc != VCDR_OK) {
        free(copy);
        return rc;
    }
    free(text->text[field][track]);
    text->text[field][track] = copy;
    return VCDR_OK;
}

void cd_text_free(struct cd_text *text)
{
    for (unsigned f = 0; f < CD_TEXT_FIELDS; f++)
        for (unsigned t = 0; t < 100; t++)
            free(text->text[f][t]);
    memset(text, 0, sizeof(*text));
}

/* ---- packs to text ---- */

static bool is_text(const uint8_t *pack, unsigned field)
{
    uint16_t crc = (uint16_t)(pack[CRC_AT] << 8 | pack[CRC_AT + 1]);

    return pack[0] == TYPE_FIRST + field && (pack[3] & 0xF0) == 0 &&
           (crc == 0 || crc == vcdr_sub_crc(pack, CRC_AT));
}

/* Texts of one kind follow each other, each with its NUL; the first pack says of which track. */
static int read_field(struct cd_text *text, unsigned field, const uint8_t *packs, unsigned count)
{
    char string[LIMIT * TEXT_BYTES];
    unsigned track = 100, len = 0;

    for (unsigned i = 0; i < count; i++) {
        const uint8_t *pack = packs + (size_t)i * VCDR_PACK_BYTES;

        if (!is_text(pack, field))
            continue;
        if (track == 100)
            track = pack[1] & 0x7F;
        for (unsigned b = 0; b < TEXT_BYTES && track < 100; b++) {
            char c = (char)pack[TEXT_AT + b];

            if (c != '\0' && len < sizeof(string))
                string[len++] = c;
            if (c != '\0')
                continue;
            if (len > 0 && !(text->text[field][track] = strndup(string, len)))
                return VCDR_ENOMEM;
            len = 0;
            track++;
        }
    }
    return VCDR_OK;
}

int cd_text_read(struct cd_text *text, const uint8_t *packs, unsigned count)
{
    int rc = VCDR_OK;

    for (unsigned field = 0; rc == VCDR_OK && field < CD_TEXT_FIELDS; field++)
        rc = read_field(text, field, packs, count);
    if (rc != VCDR_OK)
        cd_text_free(text);
    return rc;
}

/* ---- text to packs ---- */

struct packer {
    uint8_t packs[LIMIT][VCDR_PACK_BYTES];
    unsigned count; /* goes on beyond the limit */
    unsigned used;  /* bytes of the present pack, TEXT_BYTES: none is begun */
};

static void begin_pack(struct packer *p, unsigned type, unsigned track, size_t position)
{
    p->used = 0;
    p->count++;
    if (p->count > LIMIT)
        return;
    memset(p->packs[p->count - 1], 0, VCDR_PACK_BYTES);
    p->packs[p->count - 1][0] = (uint8_t)type;
    p->packs[p->count - 1][1] = (uint8_t)track;
    p->packs[p->count - 1][2] = (uint8_t)(p->count - 1);
    p->packs[p->count - 1][3] = (uint8_t)(position < FAR ? position : FAR);
}

static void put_byte(struct packer *p, uint8_t byte)
{
    if (p->count <= LIMIT)
        p->packs[p->count - 1][TEXT_AT + p->used] = byte;
    p->used++;
}

/* A string and its NUL; the next one goes on in the same pack. */
static void put_string(struct packer *p, unsigned type, unsigned track, const char *string)
{
    for (size_t i = 0; i <= strlen(string); i++) {
        if (p->used == TEXT_BYTES)
            begin_pack(p, type, track, i);
        put_byte(p, (uint8_t)string[i]);
    }
}

static bool has_field(const struct cd_text *text, unsigned field, unsigned first, unsigned last)
{
    for (unsigned t = first; t <= last; t++)
        if (text->text[field][t])
            return true;
    return first == 1 && text->text[field][0];
}

static void put_field(struct packer *p, const struct cd_text *text, unsigned field, unsigned first,
                      unsigned last)
{
    p->used = TEXT_BYTES;
    for (unsigned t = first - 1; t <= last; t++) {
        unsigned track = t < first ? 0 : t; /* the disc's own text comes first */
        const char *string = text->text[field][track];

        put_string(p, TYPE_FIRST + field, track, string ? string : "");
    }
}

/* Packs 8Fh: character code, tracks, how many packs there are of each type, last sequence number.
 */
static void put_sizes(struct packer *p, unsigned first, unsigned last)
{
    uint8_t sizes[SIZE_PACKS * TEXT_BYTES] = {0, (uint8_t)first, (uint8_t)last, 0};

    for (unsigned i = 0; i < p->count && i < LIMIT; i++)
        sizes[4 + p->packs[i][0] - TYPE_FIRST]++;
    sizes[4 + TYPE_SIZES - TYPE_FIRST] = SIZE_PACKS;
    sizes[20] = (uint8_t)(p->count + SIZE_PACKS - 1);
    sizes[28] = ENGLISH;
    for (unsigned part = 0; part < SIZE_PACKS; part++) {
        begin_pack(p, TYPE_SIZES, part, 0);
        for (unsigned i = 0; i < TEXT_BYTES; i++)
            put_byte(p, sizes[part * TEXT_BYTES + i]);
    }
}

int cd_text_make(const struct cd_text *text, unsigned first, unsigned last, uint8_t **packs,
                 unsigned *count)
{
    struct packer *p = calloc(1, sizeof(*p));
    int rc = VCDR_OK;

    if (!p)
        return VCDR_ENOMEM;
    for (unsigned field = 0; field < CD_TEXT_FIELDS; field++)
        if (has_field(text, field, first, last))
            put_field(p, text, field, first, last);
    *packs = NULL;
    *count = 0;
    if (p->count > 0)
        put_sizes(p, first, last);
    if (p->count > LIMIT)
        rc = VCDR_EINVAL;
    else if (p->count > 0 && !(*packs = malloc(p->count * VCDR_PACK_BYTES)))
        rc = VCDR_ENOMEM;
    for (unsigned i = 0; rc == VCDR_OK && i < p->count; i++) {
        uint16_t crc = vcdr_sub_crc(p->packs[i], CRC_AT);

        p->packs[i][CRC_AT] = (uint8_t)(crc >> 8);
        p->packs[i][CRC_AT + 1] = (uint8_t)crc;
        memcpy(*packs + i * VCDR_PACK_BYTES, p->packs[i], VCDR_PACK_BYTES);
        *count = i + 1;
    }
    free(p);
    return rc;
}

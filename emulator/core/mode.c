/* SPDX-License-Identifier: MIT */
/* MODE SENSE and MODE SELECT, 6 and 10 bytes (SPC-3 6.7 to 6.10): headers and lists of pages. */
#include "mode.h"

#include <string.h>

enum {
    HEADER_6 = 4,
    HEADER_10 = 8,
    BLOCK_DESCRIPTOR = 8,
    ALL_SUBPAGES = 0xFF,
    SELECT_SAVE = 0x01,
    SELECT_PAGE_FORMAT = 0x10,
    PAGE_CODE = 0x3F,
    SUBPAGE_FORMAT = 0x40,
};

bool mode_sense_exempt(const struct command *c)
{
    uint8_t code = c->cdb[2] & PAGE_CODE;

    return code == PAGE_EXCLUSIVE_ACCESS || code == PAGE_CAPABILITIES;
}

/* The pages that the CDB asks for, without header. */
static uint32_t put_pages(const struct command *c, struct writer *w)
{
    uint8_t code = c->cdb[2] & PAGE_CODE, subpage = c->cdb[3];
    unsigned page_control = c->cdb[2] >> 6;
    uint8_t page[MODE_PAGE_ROOM];
    bool found = false;

    if (subpage != 0 && subpage != ALL_SUBPAGES)
        return SENSE_INVALID_FIELD_IN_CDB;
    for (size_t i = 0; i < mode_pages_count; i++) {
        const struct mode_page *row = &mode_pages[i];

        if (code == PAGE_ALL ? !row->listed : row->code != code)
            continue;
        if (page_control == PAGE_CONTROL_SAVED)
            return SENSE_SAVING_NOT_SUPPORTED;
        writer_put(w, page, mode_page_sense(row, c, page_control, page));
        found = true;
    }
    return found ? SENSE_NONE : SENSE_INVALID_FIELD_IN_CDB;
}

/* No block descriptors, whatever DBD says: an MMC logical unit need not have them (MMC-6 6.15). */
uint32_t mode_sense_6(struct command *c)
{
    uint8_t buf[256 - HEADER_6];
    struct writer pages = {.buf = buf, .room = sizeof(buf)};
    uint32_t sense = put_pages(c, &pages);

    if (sense != SENSE_NONE)
        return sense;
    limit_in(c, c->cdb[4]);
    writer_u8(&c->in, (uint8_t)(HEADER_6 - 1 + pages.len));
    writer_zero(&c->in, HEADER_6 - 1);
    writer_put(&c->in, buf, pages.len);
    return SENSE_NONE;
}

uint32_t mode_sense_10(struct command *c)
{
    uint8_t buf[256 - HEADER_6];
    struct writer pages = {.buf = buf, .room = sizeof(buf)};
    uint32_t sense = put_pages(c, &pages);

    if (sense != SENSE_NONE)
        return sense;
    limit_in(c, get_be16(c->cdb + 7));
    writer_be16(&c->in, (uint16_t)(HEADER_10 - 2 + pages.len));
    writer_zero(&c->in, HEADER_10 - 2);
    writer_put(&c->in, buf, pages.len);
    return SENSE_NONE;
}

/* A parameter list of MODE SELECT: where its pages begin, and how many bytes they are. */
struct page_list {
    const uint8_t *pages;
    size_t len;
};

static uint32_t find_pages(const struct command *c, size_t header, size_t list_len,
                           struct page_list *out)
{
    size_t descriptors;

    if (list_len < header || c->out_len < list_len)
        return SENSE_PARAMETER_LIST_LENGTH_ERROR;
    descriptors = header == HEADER_6 ? c->out[3] : get_be16(c->out + 6);
    if (descriptors != 0 && descriptors != BLOCK_DESCRIPTOR)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    if (list_len < header + descriptors)
        return SENSE_PARAMETER_LIST_LENGTH_ERROR;
    if (descriptors != 0 && get_be24(c->out + header + 5) != CD_USER_BLOCK_BYTES)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    out->pages = c->out + header + descriptors;
    out->len = list_len - header - descriptors;
    return SENSE_NONE;
}

/* The row of the page that begins at p, its whole length within `left`. */
static uint32_t page_at(const struct command *c, const uint8_t *p, size_t left,
                        const struct mode_page **row, size_t *length)
{
    uint8_t current[MODE_PAGE_ROOM];

    if (left < 2)
        return SENSE_PARAMETER_LIST_LENGTH_ERROR;
    *row = p[0] & SUBPAGE_FORMAT ? NULL : mode_page_find(p[0] & PAGE_CODE);
    if (*row == NULL)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    *length = mode_page_sense(*row, c, PAGE_CONTROL_CURRENT, current);
    if (p[1] + 2u != *length)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    return left < *length ? SENSE_PARAMETER_LIST_LENGTH_ERROR : SENSE_NONE;
}

static uint32_t check_pages(struct command *c, const struct page_list *list)
{
    const struct mode_page *row;
    uint64_t seen = 0;
    size_t length;

    for (size_t at = 0; at < list->len; at += length) {
        const uint8_t *p = list->pages + at;
        uint32_t sense = page_at(c, p, list->len - at, &row, &length);

        if (sense != SENSE_NONE)
            return sense;
        if (seen & UINT64_C(1) << row->code) /* each was checked against what is there now */
            return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
        seen |= UINT64_C(1) << row->code;
        sense = row->check != NULL ? row->check(c, p) : mode_page_check_fixed(row, c, p);
        if (sense != SENSE_NONE || c->conflict)
            return sense;
    }
    return SENSE_NONE;
}

static void apply_pages(struct command *c, const struct page_list *list)
{
    const struct mode_page *row = NULL;
    bool changed = false;
    size_t length;

    for (size_t at = 0; at < list->len; at += length) {
        const uint8_t *p = list->pages + at;

        length = p[1] + 2u;
        row = mode_page_find(p[0] & PAGE_CODE);
        if (row->apply != NULL) {
            row->apply(c, p);
        } else if (row->defaults != NULL) {
            uint8_t *current = (uint8_t *)&c->drive->mode + row->values;

            changed |= memcmp(current + 2, p + 2, length - 2) != 0;
            memcpy(current + 2, p + 2, length - 2);
        }
        if (row->applied != NULL)
            row->applied(c);
    }
    if (changed)
        attention_raise(c->drive, c->nexus, SENSE_MODE_PARAMETERS_CHANGED);
}

static uint32_t mode_select(struct command *c, size_t header, size_t list_len)
{
    struct page_list list;
    uint32_t sense;

    if (c->cdb[1] & SELECT_SAVE)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (list_len == 0)
        return SENSE_NONE;
    if (!(c->cdb[1] & SELECT_PAGE_FORMAT))
        return SENSE_INVALID_FIELD_IN_CDB;
    sense = find_pages(c, header, list_len, &list);
    if (sense == SENSE_NONE)
        sense = check_pages(c, &list);
    if (sense == SENSE_NONE && !c->conflict)
        apply_pages(c, &list);
    return sense;
}

uint32_t mode_select_6(struct command *c)
{
    return mode_select(c, HEADER_6, c->cdb[4]);
}

uint32_t mode_select_10(struct command *c)
{
    return mode_select(c, HEADER_10, get_be16(c->cdb + 7));
}

const uint8_t *mode_select_peek(const struct command *c, uint8_t code, size_t length)
{
    bool six = c->cdb[0] == OP_MODE_SELECT_6;
    struct page_list list;

    if (!six && c->cdb[0] != OP_MODE_SELECT_10)
        return NULL;
    if (find_pages(c, six ? HEADER_6 : HEADER_10, six ? c->cdb[4] : get_be16(c->cdb + 7), &list) !=
        SENSE_NONE)
        return NULL;
    for (size_t at = 0; list.len - at >= 2; at += list.pages[at + 1] + 2u) {
        const uint8_t *p = list.pages + at;

        if (list.len - at < p[1] + 2u)
            return NULL;
        if (p[0] == code && p[1] + 2u == length)
            return p;
    }
    return NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * Mode pages as rows. A page knows its own bytes for each page control, what a MODE SELECT may put
 * into it and what becomes of the drive then; it knows nothing of headers and lists (mode.c).
 */
#ifndef VCDR_CORE_MODE_H
#define VCDR_CORE_MODE_H

#include "core.h"

enum { MODE_PAGE_ROOM = 128 };

struct mode_page {
    uint8_t code;
    bool listed;     /* part of page 3Fh */
    uint8_t length;  /* bytes, the two of the page header included; 0: only `sense` knows */
    uint16_t values; /* with `defaults`: where in struct mode_values the current bytes lie */
    const uint8_t *defaults, *changeable; /* `length` bytes each; NULL: `sense` makes the page */
    /* Puts the page as `page_control` (0 to 2) wants it, returns its length. */
    size_t (*sense)(const struct command *c, unsigned page_control, uint8_t *page);
    /* May this come in? Its length is right already. NULL: if no bit that cannot change differs. */
    uint32_t (*check)(struct command *c, const uint8_t *page);
    /* Takes a checked page. NULL: copies it to the current values. */
    void (*apply)(struct command *c, const uint8_t *page);
    /* The current values have been set, to others or the same. NULL: nothing to do. */
    void (*applied)(struct command *c);
};

/* mode_pages.c */
extern const struct mode_page mode_pages[];
extern const size_t mode_pages_count;
const struct mode_page *mode_page_find(uint8_t code);
size_t mode_page_sense(const struct mode_page *row, const struct command *c, unsigned page_control,
                       uint8_t *page);
/* 05/26/00 when a bit that cannot change differs from its current value. */
uint32_t mode_page_check_fixed(const struct mode_page *row, const struct command *c,
                               const uint8_t *page);

/* write_parameters.c: page 05h (MMC-6 7.5.4) */
extern const uint8_t write_parameters_default[52], write_parameters_changeable[52];
uint32_t write_parameters_check(struct command *c, const uint8_t *page);
void write_parameters_applied(struct command *c);

/* exclusive.c: page 39h (docs/wire-extension.md) */
size_t exclusive_page_sense(const struct command *c, unsigned page_control, uint8_t *page);
uint32_t exclusive_page_check(struct command *c, const uint8_t *page);
void exclusive_page_apply(struct command *c, const uint8_t *page);

/* mode.c: the whole page of that code in the parameter list of a MODE SELECT, however wrong the
 * rest of it may be; NULL when there is none, or `c` is another command. */
const uint8_t *mode_select_peek(const struct command *c, uint8_t code, size_t length);

#endif

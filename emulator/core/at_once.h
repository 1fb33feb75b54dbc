/* SPDX-License-Identifier: MIT */
/*
 * Sessions whose layout is known as a whole: session-at-once by a cue sheet, raw writing by its own
 * sub-channel. What the host has said of the session that is not on the disc yet; the blocks and
 * the tracks are the disc's.
 */
#ifndef VCDR_CORE_AT_ONCE_H
#define VCDR_CORE_AT_ONCE_H

#include "core.h"

#include <vcdr/subchannel.h>

enum {
    CUE_ENTRY_BYTES = 8,
    CUE_SHEET_BYTES = 65536, /* feature 002Eh says so */
    MCN_DIGITS = 13,
    ISRC_CHARACTERS = 12,
    ISRC_LETTERS = 5, /* the first of an ISRC's characters, which may be letters */
};

/* ---- cue_sheet.c ---- */

/* Bits 7-6 of a data form: the sub-channel that comes with each block (MMC-6). */
enum { FORM_MAIN = 0x3F, FORM_SUB = 0xC0, FORM_SUB_RAW = 0x40, FORM_SUB_PACKED = 0xC0 };

struct cue_sheet {
    struct vcdr_session_layout layout; /* points to what follows; format and packs left out */
    uint8_t lead_in_sub;               /* FORM_SUB_*: the host writes the lead-in's R-W, CD-Text */
    char mcn[MCN_DIGITS + 1];          /* or empty */
    char isrc[CD_MAX_TRACKS][ISRC_CHARACTERS + 1]; /* from its first track on; or empty */
    struct vcdr_stretch stretches[];
};

/* Where the session goes that a sheet describes. */
struct cue_place {
    uint8_t first_track;
    int32_t lead_in_lba;
    int32_t pregap_lba; /* -150 on a blank disc */
};

/* Reads a whole sheet; what lies where is left for the disc to judge (vcdr_disc_check_layout).
 * SENSE_NONE and the sheet, for free(); 05/26/00; 04/44/00 without memory. */
uint32_t cue_sheet_decode(const uint8_t *bytes, size_t len, const struct cue_place *place,
                          struct cue_sheet **out);

/* ---- cd_text.c ---- */

enum { CD_TEXT_BLOCKS = 8, CD_TEXT_SEQUENCES = 256 };

/* Packs of CD-Text as a lead-in repeats them: each block (language) and sequence number once. */
struct cd_text {
    bool seen[CD_TEXT_BLOCKS][CD_TEXT_SEQUENCES];
    uint8_t packs[CD_TEXT_BLOCKS * CD_TEXT_SEQUENCES][VCDR_PACK_BYTES];
};
/* Takes the packs of one lead-in block; what is no pack is passed over. */
void cd_text_collect(struct cd_text *text, const uint8_t rw[VCDR_SUB_BYTES]);
/* Moves the packs to the front, by block and sequence. Returns how many; nothing may be collected
 * from then on. */
unsigned cd_text_finish(struct cd_text *text);

/* ---- raw.c: what the sub-channel of a raw session says of it ---- */

/* A point of the lead-in's Q (ADR 1). */
struct toc_point {
    bool seen;
    uint8_t control;
    int32_t lba;
};

struct raw_layout {
    bool contradictory;                         /* it can make no session any more */
    struct toc_point tracks[CD_MAX_TRACKS + 1]; /* by number */
    struct toc_point lead_out;                  /* A2 */
    uint8_t first, last, format;                /* A0 and A1; 0: not seen */
    bool next_allowed, b0_final;                /* B0 (ADR 5) */
    uint32_t unplaced;    /* blocks since the last one whose Q had a position */
    uint8_t track, index; /* of that one; track 0: none */
    char mcn[MCN_DIGITS + 1];
    char isrc[CD_MAX_TRACKS + 1][ISRC_CHARACTERS + 1]; /* by track number */
    struct vcdr_stretch *stretches;                    /* owned; count of them, room for so many */
    unsigned count, room;
};
void raw_layout_free(struct raw_layout *raw);
/* The Q of one block of the lead-in. */
void raw_take_lead_in(struct raw_layout *raw, const uint8_t q[VCDR_Q_BYTES]);
/* Of one of the program area. Without memory the layout is contradictory from then on: what the
 * block said, which is on the disc already, is lost. */
void raw_take_program(struct raw_layout *raw, int32_t lba, const uint8_t q[VCDR_Q_BYTES]);
/* Has the lead-in said all, and did the program area agree, so that this is the session's layout?
 * It points into `raw`; packs left out. */
bool raw_layout_get(struct raw_layout *raw, struct vcdr_session_layout *out);

/* ---- at_once.c ---- */

/* A session at once that has been announced or begun. */
struct at_once {
    struct cue_sheet *sheet;    /* SAO; NULL: raw */
    bool begun;                 /* a block of it was written */
    const struct nexus *writer; /* of the last block */
    bool in_lead_in;            /* and the program area not reached */
    uint64_t bytes;             /* that the host sent */
    uint8_t format;             /* of the session, page 05 when it was announced */
    int32_t lba;                /* next block: of the lead-in; raw: of all */
    uint8_t opened, closed;     /* tracks that the record knows of, by number */
    struct cd_text text;
    struct raw_layout raw;
    uint8_t packed[2 * VCDR_SUB_BYTES]; /* block type 2: R-W of the last two blocks */
};
/* With what the drive says now; NULL without memory. */
struct at_once *at_once_new(const struct vcdr_drive *drive);
/* The session that is open, or would be opened, and the first block of its pre-gap. */
struct vcdr_session at_once_session(const struct vcdr_drive *drive);
int32_t at_once_pregap(const struct vcdr_session *session);
/* The disc knows of it: its program area has begun. */
bool at_once_on_disc(const struct vcdr_drive *drive);
/* The packs that the lead-in brought. */
void at_once_add_text(struct at_once *a, struct vcdr_session_layout *layout);
/* The write state and the record, before blocks are written and when they are. */
void at_once_writing(struct command *c);
void at_once_written(struct command *c, uint32_t blocks, bool was_blank);

/* ---- raw_write.c ---- */

/* Its layout, when the host wrote all of lead-in and program area and came to the lead-out. */
bool raw_ended(struct at_once *a, struct vcdr_session_layout *layout);

#endif

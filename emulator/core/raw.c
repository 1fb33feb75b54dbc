/* SPDX-License-Identifier: MIT */
/*
 * A raw session as its Q sub-channel describes it (IEC 60908 17.5, ECMA-394): the lead-in has the
 * TOC, the program area says which index every block belongs to, the catalogue number and the
 * ISRCs. The TOC decides where tracks begin and of what kind they are; the program area must agree.
 */
#include <stdlib.h>
#include <string.h>

#include "at_once.h"

enum { ADR_POSITION = 1, ADR_MCN = 2, ADR_ISRC = 3, ADR_MULTISESSION = 5 };
enum { POINT_FIRST = 0xA0, POINT_LAST = 0xA1, POINT_LEAD_OUT = 0xA2, POINT_NEXT_SESSION = 0xB0 };
enum { TNO_LEAD_OUT = 0xAA, NOT_BCD = 0xFF, FIRST_ROOM = 64 };

void raw_layout_free(struct raw_layout *raw)
{
    free(raw->stretches);
    raw->stretches = NULL;
}

static uint8_t from_bcd(uint8_t v)
{
    if ((v & 0x0F) > 9 || v >> 4 > 9)
        return NOT_BCD;
    return (uint8_t)((v >> 4) * 10 + (v & 0x0F));
}

static bool lba_of_bcd(const uint8_t *p, int32_t *lba)
{
    uint8_t m = from_bcd(p[0]), s = from_bcd(p[1]), f = from_bcd(p[2]);

    if (m > 99 || s > 59 || f > 74)
        return false;
    *lba = vcdr_msf_to_lba(m, s, f);
    return true;
}

/* ---- the lead-in ---- */

static void take_point(struct raw_layout *raw, struct toc_point *point, const uint8_t *q)
{
    int32_t lba;

    if (!lba_of_bcd(q + 7, &lba) || (point->seen && point->lba != lba)) {
        raw->contradictory = true;
        return;
    }
    point->seen = true;
    point->control = q[0] >> 4;
    point->lba = lba;
}

static void take_next_session(struct raw_layout *raw, const uint8_t *q)
{
    raw->b0_final = q[3] == 0xFF && q[4] == 0xFF && q[5] == 0xFF;
    raw->next_allowed = !raw->b0_final;
}

void raw_take_lead_in(struct raw_layout *raw, const uint8_t q[VCDR_Q_BYTES])
{
    uint8_t adr = q[0] & 0x0F, number = from_bcd(q[2]);

    if (!vcdr_sub_q_good(q) || q[1] != 0)
        return;
    if (adr == ADR_MULTISESSION && q[2] == POINT_NEXT_SESSION)
        take_next_session(raw, q);
    if (adr != ADR_POSITION)
        return;
    if (q[2] == POINT_FIRST) {
        raw->first = from_bcd(q[7]);
        raw->format = q[8]; /* as it is, unlike all the rest */
    } else if (q[2] == POINT_LAST) {
        raw->last = from_bcd(q[7]);
    } else if (q[2] == POINT_LEAD_OUT) {
        take_point(raw, &raw->lead_out, q);
    } else if (number >= 1 && number <= CD_MAX_TRACKS) {
        take_point(raw, &raw->tracks[number], q);
    }
}

/* ---- the program area ---- */

static void add_stretch(struct raw_layout *raw, const struct vcdr_stretch *stretch)
{
    if (raw->count == raw->room) {
        unsigned room = raw->room > 0 ? 2 * raw->room : FIRST_ROOM;
        void *grown = realloc(raw->stretches, room * sizeof(*raw->stretches));

        if (grown == NULL) {
            raw->contradictory = true;
            return;
        }
        raw->stretches = grown;
        raw->room = room;
    }
    raw->stretches[raw->count++] = *stretch;
}

/* Where a stretch begins whose first position is read at `lba`: blocks before it may have had a
 * catalogue number or an ISRC in the place of theirs. */
static int32_t start_of(struct raw_layout *raw, const struct toc_point *point, uint8_t index,
                        int32_t lba)
{
    int32_t earliest = lba - (int32_t)raw->unplaced;

    if (raw->count == 0)
        return earliest;
    if (index != 1)
        return lba;
    if (point->lba < earliest || point->lba > lba)
        raw->contradictory = true;
    return point->lba;
}

static void take_place(struct raw_layout *raw, int32_t lba, const uint8_t *q)
{
    uint8_t number = from_bcd(q[1]), index = from_bcd(q[2]);
    const struct vcdr_stretch *last = raw->count > 0 ? &raw->stretches[raw->count - 1] : NULL;
    const struct toc_point *point = &raw->tracks[number <= CD_MAX_TRACKS ? number : 0];
    struct vcdr_stretch stretch = {.track = number, .index = index, .control = point->control};

    /* wodim copies an audio disc behind a pre-gap of data */
    bool of_kind = index == 0 || ((q[0] >> 4 ^ point->control) & CONTROL_DATA) == 0;

    if (!point->seen || index > 99 || !of_kind) {
        raw->contradictory = true;
        return;
    }
    if (last != NULL && last->track == number && last->index == index)
        return;
    stretch.lba = start_of(raw, point, index, lba);
    raw->track = number;
    raw->index = index;
    add_stretch(raw, &stretch);
}

void raw_take_program(struct raw_layout *raw, int32_t lba, const uint8_t q[VCDR_Q_BYTES])
{
    if (!vcdr_sub_q_good(q)) {
        raw->unplaced++;
        return;
    }
    switch (q[0] & 0x0F) {
    case ADR_POSITION:
        take_place(raw, lba, q);
        raw->unplaced = 0;
        return;
    case ADR_MCN:
        if (raw->mcn[0] == '\0' && !vcdr_sub_q_get_mcn(q, raw->mcn))
            raw->mcn[0] = '\0';
        break;
    case ADR_ISRC:
        /* wodim fills a pre-gap with the ISRC of the track before */
        if (raw->index >= 1 && raw->isrc[raw->track][0] == '\0' &&
            !vcdr_sub_q_get_isrc(q, raw->isrc[raw->track]))
            raw->isrc[raw->track][0] = '\0';
        break;
    default: /* modes that say nothing of what is here */
        break;
    }
    raw->unplaced++;
}

bool raw_layout_get(struct raw_layout *raw, struct vcdr_session_layout *out)
{
    if (raw->contradictory || raw->count == 0 || !raw->lead_out.seen)
        return false;
    if (raw->first < 1 || raw->first > raw->last || raw->last > CD_MAX_TRACKS)
        return false;
    for (unsigned n = 1; n <= CD_MAX_TRACKS; n++) {
        if (raw->tracks[n].seen != (n >= raw->first && n <= raw->last))
            return false;
    }
    if (raw->stretches[raw->count - 1].track != raw->last)
        return false;
    *out = (struct vcdr_session_layout){
        .format = raw->format,
        .stretches = raw->stretches,
        .count = raw->count,
        .lead_out_lba = raw->lead_out.lba,
        .mcn = raw->mcn[0] != '\0' ? raw->mcn : NULL,
        .isrc = (const char(*)[13])raw->isrc + raw->first,
    };
    return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * The cue sheet of SEND CUE SHEET (MMC-6): what its entries say. Whether a disc can hold such a
 * session is the disc's to say.
 *
 * An entry is {CTL and ADR, TNO, INDEX, data form, SCMS, MIN, SEC, FRAME}; CTL is the high nibble.
 * In a session behind another, cdrdao counts MIN:SEC:FRAME from the disc's first pre-gap and tracks
 * from the disc's first; wodim counts both from the session's own. 00:00:00 as the first track's
 * pre-gap tells the latter.
 */
#include <stdlib.h>
#include <string.h>

#include "at_once.h"

enum { ADR_POSITION = 1, ADR_MCN = 2, ADR_ISRC = 3 };
enum { TNO_LEAD_IN = 0x00, TNO_LEAD_OUT = 0xAA };
enum { SCMS_ALTERNATES = 0x80, FIRST_LEAD_IN_MINUTE = 90 };
enum { MCN_IN_ENTRY = 7, ISRC_IN_ENTRY = 6 };

struct entry {
    uint8_t control, adr, tno, index, form, scms;
    const uint8_t *bytes; /* all eight */
    int32_t lba;
};

/* Where the reading of a sheet is. */
struct decoder {
    const struct cue_place *place;
    struct cue_sheet *sheet;
    int32_t shift;           /* added to the sheet's addresses */
    uint8_t track_shift;     /* and to its track numbers */
    uint8_t half;            /* ADR of the entry whose second half must come next, 0 none */
    bool has_lead_in, ended; /* its lead-in, its lead-out has been read */
    unsigned announced;      /* track whose ISRC was read, which must come next; 0 none */
};

/* ---- MCN and ISRC: two entries each ---- */

static bool take_mcn(struct decoder *d, const struct entry *e)
{
    bool second = d->half == ADR_MCN;
    unsigned at = second ? MCN_IN_ENTRY : 0;
    unsigned digits = second ? MCN_DIGITS - MCN_IN_ENTRY : MCN_IN_ENTRY;

    if (d->sheet->layout.count > 0 || (!second && d->sheet->layout.mcn != NULL))
        return false; /* behind a track; a second one */
    for (unsigned i = 0; i < digits; i++) {
        if (e->bytes[1 + i] < '0' || e->bytes[1 + i] > '9')
            return false;
    }
    if (second && e->bytes[7] != 0)
        return false;
    memcpy(d->sheet->mcn + at, e->bytes + 1, digits);
    d->sheet->layout.mcn = d->sheet->mcn;
    d->half = second ? 0 : ADR_MCN;
    return true;
}

static bool isrc_character(uint8_t c, unsigned at)
{
    return (c >= '0' && c <= '9') || (at < ISRC_LETTERS && c >= 'A' && c <= 'Z');
}

/* The track that may begin next. */
static unsigned next_track(const struct decoder *d)
{
    const struct vcdr_session_layout *layout = &d->sheet->layout;

    return layout->count > 0 ? layout->stretches[layout->count - 1].track + 1u
                             : d->place->first_track;
}

/* The sheet's number of a track as the disc's. Its first track tells how it counts. */
static uint8_t track_number(struct decoder *d, uint8_t tno)
{
    if (d->sheet->layout.count == 0 && d->announced == 0 && d->half == 0)
        d->track_shift = tno == 1 ? d->place->first_track - 1 : 0;
    return tno <= CD_MAX_TRACKS ? tno + d->track_shift : tno;
}

static bool take_isrc(struct decoder *d, struct entry *e)
{
    bool second = d->half == ADR_ISRC;
    unsigned at = second ? ISRC_IN_ENTRY : 0;

    e->tno = track_number(d, e->tno);
    if (!d->has_lead_in || e->tno != next_track(d) || e->tno > CD_MAX_TRACKS)
        return false;
    if (!second && d->announced != 0)
        return false;
    for (unsigned i = 0; i < ISRC_IN_ENTRY; i++) {
        if (!isrc_character(e->bytes[2 + i], at + i))
            return false;
    }
    memcpy(d->sheet->isrc[e->tno - d->place->first_track] + at, e->bytes + 2, ISRC_IN_ENTRY);
    d->announced = e->tno;
    d->half = second ? 0 : ADR_ISRC;
    return true;
}

/* ---- lead-in, indexes, lead-out ---- */

/* The drive makes the main channel of lead-in and lead-out. */
static bool drive_makes(const struct entry *e)
{
    return vcdr_form_main_bytes(e->form) == 0;
}

/* Its time is 00:00:00 with most, where the session or its lead-in starts with some. */
static bool take_lead_in(struct decoder *d, const struct entry *e)
{
    bool at_start = e->lba == -CD_PREGAP_BLOCKS || e->lba == d->place->pregap_lba ||
                    e->lba == d->place->lead_in_lba;

    if (d->has_lead_in || e->index != 0 || !drive_makes(e) || !at_start)
        return false;
    d->has_lead_in = true;
    d->sheet->lead_in_sub = e->form & FORM_SUB;
    return true;
}

static bool take_index(struct decoder *d, struct entry *e)
{
    struct vcdr_session_layout *layout = &d->sheet->layout;
    const struct vcdr_stretch *last =
        layout->count > 0 ? d->sheet->stretches + layout->count - 1 : NULL;

    e->tno = track_number(d, e->tno);
    if (d->track_shift != 0 && d->shift == 0) /* it counts tracks so, and addresses otherwise */
        return false;
    if (d->announced != 0 && d->announced != e->tno)
        return false;
    if (last != NULL && last->track == e->tno && e->index != last->index + 1)
        return false;
    d->announced = 0;
    d->sheet->stretches[layout->count++] = (struct vcdr_stretch){
        .track = e->tno,
        .index = e->index,
        .control = e->control,
        .form = e->form,
        .lba = e->lba,
    };
    return true;
}

static bool take_lead_out(struct decoder *d, const struct entry *e)
{
    if (e->index != 1 || d->announced != 0 || !drive_makes(e))
        return false;
    d->sheet->layout.lead_out_lba = e->lba;
    d->ended = true;
    return true;
}

static bool take_position(struct decoder *d, struct entry *e)
{
    const uint8_t *msf = e->bytes + 5;

    if (vcdr_form_bytes(e->form) < 0 || (e->scms & ~SCMS_ALTERNATES) != 0)
        return false;
    if (msf[0] > 99 || msf[1] > 59 || msf[2] > 74)
        return false;
    e->lba = vcdr_msf_to_lba(msf[0], msf[1], msf[2]);
    if (e->tno == TNO_LEAD_IN)
        return take_lead_in(d, e);
    if (!d->has_lead_in || msf[0] >= FIRST_LEAD_IN_MINUTE)
        return false;
    if (d->sheet->layout.count == 0 && e->lba == -CD_PREGAP_BLOCKS)
        d->shift = d->place->pregap_lba + CD_PREGAP_BLOCKS;
    e->lba += d->shift;
    return e->tno == TNO_LEAD_OUT ? take_lead_out(d, e) : take_index(d, e);
}

static bool take(struct decoder *d, const uint8_t *p)
{
    struct entry e = {
        .control = p[0] >> 4,
        .adr = p[0] & 0x0F,
        .tno = p[1],
        .index = p[2],
        .form = p[3],
        .scms = p[4],
        .bytes = p,
    };

    if (d->ended || (d->half != 0 && d->half != e.adr))
        return false;
    switch (e.adr) {
    case ADR_POSITION:
        return take_position(d, &e);
    case ADR_MCN:
        return take_mcn(d, &e);
    case ADR_ISRC:
        return take_isrc(d, &e);
    default:
        return false;
    }
}

uint32_t cue_sheet_decode(const uint8_t *bytes, size_t len, const struct cue_place *place,
                          struct cue_sheet **out)
{
    size_t entries = len / CUE_ENTRY_BYTES;
    struct cue_sheet *sheet = calloc(1, sizeof(*sheet) + entries * sizeof(*sheet->stretches));
    struct decoder d = {.place = place, .sheet = sheet};

    if (sheet == NULL)
        return SENSE_INTERNAL_TARGET_FAILURE;
    sheet->layout.stretches = sheet->stretches;
    sheet->layout.isrc = sheet->isrc;
    for (size_t i = 0; i < entries; i++) {
        if (!take(&d, bytes + i * CUE_ENTRY_BYTES)) {
            free(sheet);
            return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
        }
    }
    if (!d.ended) {
        free(sheet);
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    }
    *out = sheet;
    return SENSE_NONE;
}

/* SPDX-License-Identifier: MIT */
/*
 * A session at once in memory: the rules of its layout, and its growth. Every change here is made
 * by a call and by the replay of the log alike.
 */
#include <string.h>

#include "disc_private.h"

/* ---- what is there ---- */

int32_t at_once_start(const struct vcdr_disc *disc)
{
    return last_session(disc)->first_lba - CD_PREGAP_BLOCKS;
}

bool at_once_open(const struct vcdr_disc *disc)
{
    return last_at_once(disc)->recording != VCDR_RECORDING_TAO &&
           last_session(disc)->state == VCDR_SESSION_OPEN;
}

uint32_t at_once_blocks(const struct vcdr_disc *disc)
{
    return (uint32_t)(last_at_once(disc)->lead_out_lba - at_once_start(disc));
}

/* ---- the rules of a layout ---- */

static int32_t end_of(const struct vcdr_session_layout *layout, unsigned i)
{
    return i + 1 < layout->count ? layout->stretches[i + 1].lba : layout->lead_out_lba;
}

static bool kind_fits(const struct vcdr_stretch *stretch)
{
    struct shape shape;

    return stretch->control <= 15 && stretch->form != FORM_RAW_SESSION &&
           shape_of_form(stretch->form, &shape) &&
           (shape.kind == SECTOR_AUDIO) == ((stretch->control & CONTROL_DATA) == 0);
}

/* What a walk along the stretches knows of the track that it is in. */
struct walk {
    unsigned track;
    unsigned index;
    bool started;
    int32_t start_lba; /* of the last index 1, once started */
};

/* Is there room for a track between the last index 1, if any, and the next or the lead-out here?
 * The pre-gap of the track that follows counts: burners cut it out of the end of the one before. */
static bool long_enough(const struct walk *walk, int32_t lba)
{
    return !walk->started || lba - walk->start_lba >= CD_MIN_TRACK_BLOCKS;
}

static int walk_on(struct walk *walk, const struct vcdr_stretch *stretch)
{
    if (stretch->track == walk->track) {
        if (stretch->index <= walk->index || stretch->index > 99)
            return VCDR_EINVAL;
        if (walk->index == 0 && stretch->index != 1)
            return VCDR_EINVAL;
    } else {
        if (stretch->track != walk->track + 1 || stretch->index > 1 || walk->index < 1)
            return VCDR_EINVAL;
        if (stretch->track > CD_MAX_TRACKS)
            return VCDR_ETRACKS;
        walk->track = stretch->track;
    }
    walk->index = stretch->index;
    if (stretch->index != 1)
        return VCDR_OK;
    if (!long_enough(walk, stretch->lba))
        return VCDR_EINVAL;
    walk->started = true;
    walk->start_lba = stretch->lba;
    return VCDR_OK;
}

/* The first track's pre-gap begins with the session, and has 150 blocks at least. */
static bool begins_well(const struct vcdr_disc *disc, const struct vcdr_stretch *first)
{
    return first->track == disc->info.tracks + 1 && first->index == 0 &&
           first->lba == at_once_start(disc);
}

static int check_stretches(const struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                           bool raw, unsigned *tracks)
{
    struct walk walk = {0};
    bool first = true;

    for (unsigned i = 0; i < layout->count; i++) {
        const struct vcdr_stretch *stretch = &layout->stretches[i];
        int rc;

        if (end_of(layout, i) == stretch->lba)
            continue;
        if (end_of(layout, i) < stretch->lba || stretch->control > 15 ||
            (!raw && !kind_fits(stretch)))
            return VCDR_EINVAL;
        if (first) {
            if (disc->info.tracks >= CD_MAX_TRACKS)
                return VCDR_ETRACKS;
            if (!begins_well(disc, stretch))
                return VCDR_EINVAL;
            walk = (struct walk){.track = stretch->track};
            first = false;
            continue;
        }
        rc = walk_on(&walk, stretch);
        if (rc != VCDR_OK)
            return rc;
        if (walk.track == disc->info.tracks + 1U && walk.index == 1 &&
            walk.start_lba < last_session(disc)->first_lba)
            return VCDR_EINVAL;
    }
    if (first || walk.index < 1 || !long_enough(&walk, layout->lead_out_lba))
        return VCDR_EINVAL;
    *tracks = walk.track - disc->info.tracks;
    return VCDR_OK;
}

static bool isrcs_sound(const struct vcdr_session_layout *layout, unsigned tracks)
{
    for (unsigned t = 0; layout->isrc && t < tracks; t++)
        if (layout->isrc[t][0] != '\0' && !text_is_isrc(layout->isrc[t]))
            return false;
    return true;
}

int at_once_check(const struct vcdr_disc *disc, const struct vcdr_session_layout *layout, bool raw)
{
    unsigned tracks;
    int rc;

    if (!layout || !layout->stretches || layout->count == 0 ||
        !session_format_known(layout->format) || (layout->mcn && !text_is_mcn(layout->mcn)) ||
        layout->pack_count > MAX_PACKS || (layout->pack_count > 0 && !layout->packs))
        return VCDR_EINVAL;
    rc = check_stretches(disc, layout, raw, &tracks);
    if (rc != VCDR_OK)
        return rc;
    if (!isrcs_sound(layout, tracks))
        return VCDR_EINVAL;
    return layout->lead_out_lba > disc->info.geometry.last_lead_out_lba ? VCDR_ENOSPACE : VCDR_OK;
}

unsigned at_once_take(struct vcdr_disc *disc, const struct vcdr_session_layout *layout, bool raw)
{
    struct vcdr_stretch *to = &disc->stretches[disc->stretch_count];
    unsigned n = 0;

    for (unsigned i = 0; i < layout->count; i++) {
        if (end_of(layout, i) == layout->stretches[i].lba)
            continue;
        to[n] = layout->stretches[i];
        if (raw)
            to[n].form = FORM_RAW_SESSION;
        n++;
    }
    return n;
}

/* ---- growth ---- */

void at_once_begin(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format)
{
    struct vcdr_session *session = present_session(disc);

    *present_at_once(disc) = *at_once;
    session->state = VCDR_SESSION_OPEN;
    session->recording = at_once->recording;
    session->format = format;
    disc->format_known = true;
    disc->info.status = VCDR_DISC_APPENDABLE;
    disc->info.generation++;
    disc->noted = at_once->blocks;
}

static uint8_t block_type_of(const struct vcdr_stretch *stretch)
{
    struct shape shape;

    shape_of_form(stretch->form, &shape);
    switch (shape.kind) {
    case SECTOR_MODE1:
        return BLOCK_TYPE_MODE1;
    case SECTOR_MODE2:
        return BLOCK_TYPE_MODE2;
    case SECTOR_XA:
    case SECTOR_FORM1:
    case SECTOR_FORM2:
    case SECTOR_FORM1_OWN:
        return BLOCK_TYPE_XA_MIXED;
    case SECTOR_AUDIO:
    case SECTOR_RAW:
        break;
    }
    return BLOCK_TYPE_RAW;
}

/* The track of the stretches from `first` on; returns the first stretch behind it. */
static unsigned lay_out_track(struct vcdr_disc *disc, unsigned first, unsigned end)
{
    const struct vcdr_stretch *stretches = disc->stretches;
    const struct at_once *at_once = present_at_once(disc);
    struct track *track = track_of(disc, stretches[first].track);
    unsigned next = first, one = stretches[first].index == 0 ? first + 1 : first;

    while (next < end && stretches[next].track == stretches[first].track)
        next++;
    *track = (struct track){
        .session = disc->info.sessions,
        .state = VCDR_TRACK_INVISIBLE,
        .control = stretches[one].control,
        .block_type = block_type_of(&stretches[one]),
        .session_format = last_session(disc)->format,
        .region = at_once->region,
        .recording = at_once->recording,
        .start_lba = stretches[one].lba,
        .pregap_lba = stretches[first].lba,
        .first_stretch = (uint16_t)first,
        .stretches = (uint16_t)(next - first),
    };
    track->planned =
        (uint32_t)((next < end ? stretches[next].lba : at_once->lead_out_lba) - track->start_lba);
    return next;
}

void at_once_lay_out(struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                     const struct at_once *at_once, const uint8_t *block_types)
{
    unsigned first = disc->stretch_count, end = first + at_once->stretches;

    *present_at_once(disc) = *at_once;
    present_at_once(disc)->first_stretch = (uint16_t)first;
    present_session(disc)->packs = at_once->packs;
    disc->stretch_count = end;
    disc->writing = first;
    disc->size_end = first;
    for (unsigned i = first, t = 0; i < end; t++) {
        struct track *track = track_of(disc, disc->stretches[i].track);

        i = lay_out_track(disc, i, end);
        if (block_types)
            track->block_type = block_types[t];
        if (layout->isrc)
            memcpy(track->isrc, layout->isrc[t], sizeof(track->isrc));
    }
    if (disc->info.mcn[0] == '\0')
        memcpy(disc->info.mcn, at_once->mcn, sizeof(disc->info.mcn));
    at_once_advance(disc, at_once->blocks);
}

static unsigned bytes_of(const struct vcdr_stretch *stretch)
{
    struct shape shape;

    return shape_of_form(stretch->form, &shape) ? shape_bytes(&shape) : 0;
}

static int32_t stretch_end(const struct vcdr_disc *disc, unsigned i)
{
    return i + 1 < disc->stretch_count ? disc->stretches[i + 1].lba
                                       : last_at_once(disc)->lead_out_lba;
}

/* The tracks that begin before `next` count; what is behind their end is complete. */
static void show_tracks(struct vcdr_disc *disc, int32_t next, bool whole)
{
    struct vcdr_session *session = present_session(disc);
    unsigned last = disc->stretches[disc->writing - (whole ? 1U : 0U)].track;
    unsigned t =
        disc->info.tracks < session->first_track ? session->first_track : disc->info.tracks;

    for (; t <= last; t++) {
        struct track *track = track_of(disc, t);
        int32_t written = next - track->start_lba;

        if (written < 0)
            written = 0;
        track->state = t < last || whole ? VCDR_TRACK_COMPLETE : VCDR_TRACK_OPEN;
        track->stored = (uint32_t)written < track->planned ? (uint32_t)written : track->planned;
        track->written = track->stored;
    }
    disc->info.tracks = (uint8_t)last;
    disc->info.open_track = whole ? 0 : (uint8_t)last;
    session->last_track = (uint8_t)last;
}

void at_once_advance(struct vcdr_disc *disc, uint32_t blocks)
{
    struct at_once *at_once = present_at_once(disc);
    int32_t next = at_once_start(disc) + (int32_t)blocks;

    disc->info.generation++;
    at_once->blocks = blocks;
    if (at_once->stretches == 0) /* raw: the tracks come with the layout */
        return;
    for (; disc->writing < disc->stretch_count; disc->writing++) {
        int32_t end = stretch_end(disc, disc->writing);

        if (next >= end)
            continue;
        if (bytes_of(&disc->stretches[disc->writing]) > 0)
            break;
        next = end; /* the disc makes it */
        at_once->blocks = (uint32_t)(end - at_once_start(disc));
    }
    if (disc->size_end <= disc->writing)
        for (disc->size_end = disc->writing; disc->size_end < disc->stretch_count; disc->size_end++)
            if (bytes_of(&disc->stretches[disc->size_end]) !=
                bytes_of(&disc->stretches[disc->writing]))
                break;
    show_tracks(disc, next, disc->writing == disc->stretch_count);
}

void at_once_damage(struct vcdr_disc *disc)
{
    struct vcdr_session *session = present_session(disc);

    if (!at_once_open(disc))
        return;
    while (disc->info.tracks >= session->first_track &&
           track_of(disc, disc->info.tracks)->state != VCDR_TRACK_COMPLETE)
        disc->info.tracks--;
    session->last_track = disc->info.tracks >= session->first_track ? disc->info.tracks : 0;
    session->state = VCDR_SESSION_DAMAGED;
    disc->info.open_track = 0;
    disc->info.generation++;
}

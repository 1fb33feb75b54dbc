/* SPDX-License-Identifier: MIT */
/*
 * Where things lie on a disc, and the two changes of its memory that both a call and the replay of
 * the log make. Every rule of track-at-once's arithmetic stands here once.
 */
#include <string.h>

#include "disc_private.h"

static void begin_session(struct vcdr_disc *disc, int32_t lead_in_lba, int32_t first_lba)
{
    struct vcdr_session *session = &disc->sessions[disc->info.sessions];

    disc->info.sessions++;
    disc->format_known = false;
    *session = (struct vcdr_session){
        .number = disc->info.sessions,
        .state = VCDR_SESSION_EMPTY,
        .first_track = (uint8_t)(disc->info.tracks + 1),
        .lead_in_lba = lead_in_lba,
        .first_lba = first_lba,
    };
}

void layout_blank(struct vcdr_disc *disc)
{
    memset(disc->tracks, 0, sizeof(disc->tracks));
    memset(disc->sessions, 0, sizeof(disc->sessions));
    memset(disc->at_once, 0, sizeof(disc->at_once));
    disc->stretch_count = 0;
    disc->info.status = VCDR_DISC_BLANK;
    disc->info.sessions = 0;
    disc->info.complete_sessions = 0;
    disc->info.tracks = 0;
    disc->info.open_track = 0;
    memset(disc->info.mcn, 0, sizeof(disc->info.mcn));
    disc->info.generation++;
    disc->noted = 0;
    begin_session(disc, disc->info.geometry.lead_in_lba, 0);
}

uint32_t layout_padded(const struct track *track, uint32_t blocks)
{
    if (track->room > 0)
        return track->room;
    return blocks < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS : blocks;
}

uint32_t layout_extent(const struct track *track)
{
    if (track->room > 0 || !track_in_packets(track))
        return layout_padded(track, track->written);
    return packet_extent(track, track->written);
}

/* Where the present session's last track ends, its run-out not counted. */
static int32_t end_of_last(const struct vcdr_disc *disc)
{
    const struct track *last = track_at_const(disc, last_session(disc)->last_track);

    return last->start_lba + (int32_t)layout_extent(last);
}

int32_t layout_next_start(const struct vcdr_disc *disc)
{
    const struct vcdr_session *session = last_session(disc);

    return session->last_track ? end_of_last(disc) + TRACK_GAP_BLOCKS : session->first_lba;
}

bool layout_has_invisible(const struct vcdr_disc *disc)
{
    if (disc->info.status == VCDR_DISC_COMPLETE || disc->info.tracks >= CD_MAX_TRACKS ||
        last_session(disc)->recording != VCDR_RECORDING_TAO)
        return false;
    /* An open track without a reserved end is itself the incomplete one. */
    return disc->info.open_track == 0 || track_at_const(disc, disc->info.open_track)->room > 0;
}

uint8_t layout_region(const struct vcdr_disc *disc)
{
    if (disc->info.tracks > 0)
        return disc->tracks[0].region;
    if (disc->snapshot && disc->snapshot->records > 0)
        return (uint8_t)(REGIONS - 1 - disc->snapshot->region);
    return 0;
}

uint32_t layout_left(const struct vcdr_disc *disc, int32_t lba)
{
    int64_t end = disc->info.geometry.last_lead_out_lba - RUN_OUT_BLOCKS;

    return lba < end ? (uint32_t)(end - lba) : 0;
}

uint32_t layout_span(const struct vcdr_disc *disc, const struct track *track)
{
    if (track_at_once(track))
        return track->planned;
    if (track->state == VCDR_TRACK_COMPLETE)
        return track->written + RUN_OUT_BLOCKS;
    return packet_capacity(track,
                           track->room > 0 ? track->room : layout_left(disc, track->start_lba));
}

uint32_t layout_room(const struct vcdr_disc *disc, const struct track *track)
{
    uint32_t span = layout_span(disc, track), next = packet_next(track);

    return next < span ? span - next : 0;
}

unsigned layout_last_starting(const struct vcdr_disc *disc, int32_t lba)
{
    unsigned low = 0, high = disc->info.tracks;

    while (low < high) {
        unsigned middle = low + (high - low + 1) / 2;

        if (track_pregap(track_at_const(disc, middle)) <= lba)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

uint64_t layout_place(uint8_t region, int32_t lba)
{
    return DATA_AT + (uint64_t)region * REGION_BYTES +
           (uint64_t)(lba + CD_PREGAP_BLOCKS) * BLOCK_STRIDE;
}

uint64_t layout_offset(const struct track *track, uint32_t block)
{
    uint64_t place = layout_place(track->region, track->start_lba);

    /* The 150 blocks between two tracks are more than a page, so rounding up meets nothing. */
    place = (place + TRACK_ALIGNMENT - 1) / TRACK_ALIGNMENT * TRACK_ALIGNMENT;
    return place + (uint64_t)block * vcdr_block_bytes(track->block_type);
}

/* A session at once has its text behind its blocks, which are no more than its layout has. */
static uint64_t at_once_end(const struct vcdr_disc *disc, unsigned s)
{
    const struct at_once *at_once = &disc->at_once[s];
    int32_t start = disc->sessions[s].first_lba - CD_PREGAP_BLOCKS;

    if (at_once->recording == VCDR_RECORDING_TAO || at_once->blob_at > 0)
        return blob_end(at_once);
    return at_once->blocks > 0 ? layout_place(at_once->region, start + (int32_t)at_once->blocks)
                               : 0;
}

uint64_t layout_stored_end(const struct vcdr_disc *disc)
{
    uint64_t end = 0;

    for (unsigned t = 1; t <= disc->info.tracks; t++) {
        const struct track *track = track_at_const(disc, t);

        if (!track_at_once(track) && track->stored > 0 && layout_offset(track, track->stored) > end)
            end = layout_offset(track, track->stored);
    }
    for (unsigned s = 0; s < disc->info.sessions; s++)
        if (at_once_end(disc, s) > end)
            end = at_once_end(disc, s);
    return end;
}

void layout_set_track(struct vcdr_disc *disc, unsigned number, const struct track *track)
{
    struct vcdr_session *session = present_session(disc);

    *track_of(disc, number) = *track;
    if (number > disc->info.tracks)
        disc->info.tracks = (uint8_t)number;
    if (session->last_track < number)
        session->last_track = (uint8_t)number;
    session->state = VCDR_SESSION_OPEN;
    if (track->state != VCDR_TRACK_RESERVED && !disc->format_known) {
        disc->format_known = true;
        session->format = track->session_format;
    }
    if (disc->info.mcn[0] ==
        '\0') /* a disc has one catalogue number: the first that it was given */
        memcpy(disc->info.mcn, track->mcn, sizeof(disc->info.mcn));
    if (track->state == VCDR_TRACK_OPEN)
        disc->info.open_track = (uint8_t)number;
    else if (disc->info.open_track == number)
        disc->info.open_track = 0;
    disc->info.status = VCDR_DISC_APPENDABLE;
    disc->info.generation++;
}

void layout_close_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final)
{
    struct vcdr_session *session = present_session(disc);
    int32_t lead_out = session->recording == VCDR_RECORDING_TAO
                           ? end_of_last(disc) + RUN_OUT_BLOCKS
                           : present_at_once(disc)->lead_out_lba;
    int32_t lead_in = lead_out;

    session->state = VCDR_SESSION_COMPLETE;
    session->lead_out_lba = lead_out;
    session->next_allowed = next_allowed;
    session->b0_final = b0_final;
    disc->info.complete_sessions++;
    disc->info.status = next_allowed ? VCDR_DISC_APPENDABLE : VCDR_DISC_COMPLETE;
    disc->info.generation++;
    if (!next_allowed)
        return;
    lead_in += session->number == 1 ? FIRST_LEAD_OUT_BLOCKS : LATER_LEAD_OUT_BLOCKS;
    begin_session(disc, lead_in, lead_in + LATER_LEAD_IN_BLOCKS + CD_PREGAP_BLOCKS);
}

/* ---- replay ---- */

static bool text_or_empty(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[0] != '\0' && (text[i] < ' ' || text[i] > '~'))
            return false;
    return true;
}

static bool mcn_or_empty(const char *text)
{
    return text[0] == '\0' || text_is_mcn(text);
}

static bool lengths_agree(const struct vcdr_disc *disc, const struct track *track)
{
    uint32_t left = layout_left(disc, track->start_lba);

    if (track->reserved != (track->room > 0) || track->stored > track->written)
        return false;
    if (track->room > 0 && (track->room < CD_MIN_TRACK_BLOCKS || track->room > left))
        return false;
    if (track_in_packets(track))
        return track->state != VCDR_TRACK_RESERVED && left >= CD_MIN_TRACK_BLOCKS &&
               packet_fits(track, left);
    switch (track->state) {
    case VCDR_TRACK_RESERVED:
        return track->reserved && track->written == 0;
    case VCDR_TRACK_OPEN:
        if (track->stored != track->written || left < CD_MIN_TRACK_BLOCKS)
            return false;
        return track->stored <= (track->room > 0 ? track->room : left);
    case VCDR_TRACK_COMPLETE:
        return track->written == layout_padded(track, track->stored) && track->written <= left;
    case VCDR_TRACK_INVISIBLE:
        break;
    }
    return false;
}

/* Control 5 is data recorded incrementally: packets and nothing else. */
static bool track_fits(const struct track *track)
{
    uint8_t control = track->control;

    if (track_in_packets(track)) {
        if ((control & CONTROL_PACKETS) != CONTROL_PACKETS)
            return false;
        control &= (uint8_t)~CONTROL_PRE_EMPHASIS;
    }
    return block_type_fits(track->block_type, control, track->sub_header);
}

/* A track that is there already only grows. */
static bool follows(const struct track *before, const struct track *after)
{
    return before->state != VCDR_TRACK_COMPLETE && after->state >= before->state &&
           before->session == after->session && before->start_lba == after->start_lba &&
           before->room == after->room && before->stored <= after->stored &&
           before->region == after->region &&
           (before->state == VCDR_TRACK_RESERVED ||
            (before->block_type == after->block_type && before->recording == after->recording &&
             before->packet_size == after->packet_size && before->packets <= after->packets));
}

int layout_check_track(const struct vcdr_disc *disc, unsigned number, const struct track *track)
{
    bool known = number >= 1 && number <= disc->info.tracks;
    bool right = disc->info.status != VCDR_DISC_COMPLETE &&
                 last_session(disc)->recording == VCDR_RECORDING_TAO &&
                 track->session == disc->info.sessions && lengths_agree(disc, track) &&
                 text_or_empty(track->isrc, 12) && mcn_or_empty(track->mcn) &&
                 track->region < REGIONS &&
                 (disc->info.tracks == 0 || track->region == disc->tracks[0].region);

    if (track->state != VCDR_TRACK_RESERVED)
        right = right && track_fits(track) && session_format_known(track->session_format) &&
                (!disc->format_known || last_session(disc)->format == track->session_format) &&
                (track->state != VCDR_TRACK_OPEN || disc->info.open_track == 0 ||
                 disc->info.open_track == number);
    if (right && known)
        right = follows(track_at_const(disc, number), track);
    else if (right)
        right = number == disc->info.tracks + 1U && layout_has_invisible(disc) &&
                track->start_lba == layout_next_start(disc);
    return right ? VCDR_OK : VCDR_EDAMAGED;
}

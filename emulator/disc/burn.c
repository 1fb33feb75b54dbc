/* SPDX-License-Identifier: MIT */
/*
 * What changes a disc: tracks opened, written and closed, sessions closed, reservations.
 * Each call checks everything, then makes the log say it, then changes the memory.
 */
#include <string.h>

#include "disc_private.h"

/* ---- opening a track ---- */

static bool printable(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return text[len] == '\0';
}

/* Control 5 is data recorded incrementally: packets and nothing else. */
static bool packets_sound(const struct vcdr_track_parameters *p)
{
    return (p->control & CONTROL_PACKETS) == CONTROL_PACKETS && p->packet_size <= PACKET_BLOCKS &&
           block_type_fits(p->block_type, p->control & ~CONTROL_PRE_EMPHASIS, p->sub_header);
}

static bool parameters_sound(const struct vcdr_track_parameters *p)
{
    return (p->packets ? packets_sound(p)
                       : block_type_fits(p->block_type, p->control, p->sub_header)) &&
           session_format_known(p->session_format) && (!p->mcn || text_is_mcn(p->mcn)) &&
           (!p->isrc || printable(p->isrc, 12));
}

/* Which record the track to be opened has now: its reservation, or a new one. */
static int openable(const struct vcdr_disc *disc, unsigned number, struct track *track)
{
    if (disc->info.status == VCDR_DISC_COMPLETE || disc->info.open_track > 0 ||
        last_session(disc)->recording != VCDR_RECORDING_TAO)
        return VCDR_ESTATE;
    if (number >= 1 && number <= disc->info.tracks) {
        *track = *track_at_const(disc, number);
        return track->state == VCDR_TRACK_RESERVED ? VCDR_OK : VCDR_ESTATE;
    }
    if (number != disc->info.tracks + 1U)
        return VCDR_ENOENT;
    if (number > CD_MAX_TRACKS)
        return VCDR_ETRACKS;
    memset(track, 0, sizeof(*track));
    track->session = disc->info.sessions;
    track->region = layout_region(disc);
    track->start_lba = layout_next_start(disc);
    return layout_left(disc, track->start_lba) < CD_MIN_TRACK_BLOCKS ? VCDR_ENOSPACE : VCDR_OK;
}

static void take_parameters(struct track *track, const struct vcdr_track_parameters *p)
{
    track->state = VCDR_TRACK_OPEN;
    track->control = p->control;
    track->block_type = p->block_type;
    track->session_format = p->session_format;
    if (p->packets) {
        track->recording = VCDR_RECORDING_PACKET;
        track->packet_size = p->packet_size;
    }
    if (p->block_type == BLOCK_TYPE_XA_FORM1 || p->block_type == BLOCK_TYPE_XA_FORM2)
        memcpy(track->sub_header, p->sub_header, sizeof(track->sub_header));
    if (p->isrc)
        memcpy(track->isrc, p->isrc, 12);
    if (p->mcn)
        memcpy(track->mcn, p->mcn, 13);
}

int vcdr_disc_open_track(struct vcdr_disc *disc, unsigned number,
                         const struct vcdr_track_parameters *parameters)
{
    struct track track;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    rc = openable(disc, number, &track);
    if (rc != VCDR_OK)
        return rc;
    if (!parameters || !parameters_sound(parameters))
        return VCDR_EINVAL;
    if (disc->format_known && parameters->session_format != last_session(disc)->format)
        return VCDR_EMODE;
    take_parameters(&track, parameters);
    if (layout_span(disc, &track) == 0) /* for not one packet */
        return VCDR_ENOSPACE;
    rc = log_track(disc, number, &track);
    if (rc != VCDR_OK)
        return rc;
    layout_set_track(disc, number, &track);
    disc->noted = 0;
    return VCDR_OK;
}

/* ---- writing it ---- */

int store_zeros(struct vcdr_disc *disc, uint64_t at, uint64_t end)
{
    int rc = VCDR_OK;

    memset(disc->scratch, 0, AREA_BYTES);
    while (rc == VCDR_OK && at < end) {
        size_t n = end - at < AREA_BYTES ? (size_t)(end - at) : AREA_BYTES;

        disc->dirty = true;
        rc = disc->store.ops->write(disc->store.ctx, at, disc->scratch, n);
        at += n;
    }
    return rc;
}

int vcdr_disc_write(struct vcdr_disc *disc, const void *data, uint32_t blocks)
{
    struct track *track;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (at_once_open(disc))
        return at_once_write(disc, data, blocks);
    if (disc->info.open_track == 0)
        return VCDR_ESTATE;
    track = track_of(disc, disc->info.open_track);
    if (blocks > layout_room(disc, track))
        return VCDR_ENOSPACE;
    if (blocks == 0)
        return VCDR_OK;
    if (track_in_packets(track))
        return packet_write(disc, track, data, blocks);
    disc->dirty = true;
    rc = disc->store.ops->write(disc->store.ctx, layout_offset(track, track->stored), data,
                                (size_t)blocks * vcdr_block_bytes(track->block_type));
    if (rc != VCDR_OK) /* the log counts none of it: the same blocks may be written again */
        return rc;
    track->stored += blocks;
    track->written = track->stored;
    disc->info.generation++;
    return VCDR_OK;
}

int vcdr_disc_flush(struct vcdr_disc *disc)
{
    unsigned open = disc->info.open_track;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (at_once_open(disc)) {
        rc = at_once_note(disc);
        return rc == VCDR_OK ? log_sync(disc) : rc;
    }
    if (open > 0 && disc->noted != track_of(disc, open)->stored) {
        rc = log_track(disc, open, track_of(disc, open));
        if (rc != VCDR_OK)
            return rc;
        disc->noted = track_of(disc, open)->stored;
    }
    return log_sync(disc);
}

/* ---- closing it ---- */

/* The padding is not stored: blocks between stored and written read as zeros. */
static int complete(struct vcdr_disc *disc, unsigned number, struct track track)
{
    int rc = VCDR_OK;

    if (track_in_packets(&track))
        rc = packet_complete(disc, &track);
    else
        track.written = layout_padded(&track, track.stored);
    if (rc != VCDR_OK)
        return rc;
    track.state = VCDR_TRACK_COMPLETE;
    rc = log_track(disc, number, &track);
    if (rc == VCDR_OK)
        rc = log_sync(disc);
    if (rc != VCDR_OK)
        return rc;
    layout_set_track(disc, number, &track);
    return VCDR_OK;
}

int vcdr_disc_close_track(struct vcdr_disc *disc)
{
    unsigned open = disc->info.open_track;

    if (disc->failed)
        return VCDR_EIO;
    if (open == 0 || at_once_open(disc))
        return VCDR_ESTATE;
    return complete(disc, open, *track_of(disc, open));
}

int vcdr_disc_close_reserved(struct vcdr_disc *disc, unsigned number)
{
    const struct vcdr_session *session = last_session(disc);
    struct vcdr_track_parameters parameters = {
        .control = CONTROL_DATA,
        .block_type = BLOCK_TYPE_MODE1,
        .session_format = session->format,
    };
    struct track track;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (number < 1 || number > disc->info.tracks)
        return VCDR_ENOENT;
    rc = openable(disc, number, &track);
    if (rc != VCDR_OK)
        return rc;
    if (number > session->first_track) { /* of the kind of the track before it */
        const struct track *before = track_at_const(disc, number - 1);

        if (before->state == VCDR_TRACK_COMPLETE) {
            parameters.control = before->control;
            if (track_in_packets(before)) /* control 5 is theirs alone */
                parameters.control &= (uint8_t)~CONTROL_PRE_EMPHASIS;
            parameters.block_type = before->block_type;
            memcpy(parameters.sub_header, before->sub_header, sizeof(parameters.sub_header));
        }
    }
    take_parameters(&track, &parameters);
    return complete(disc, number, track);
}

int vcdr_disc_reserve(struct vcdr_disc *disc, uint32_t blocks)
{
    unsigned number = disc->info.tracks + 1U;
    struct track track;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    rc = openable(disc, number, &track);
    if (rc != VCDR_OK)
        return rc;
    if (blocks < CD_MIN_TRACK_BLOCKS)
        return VCDR_EINVAL;
    if (blocks > layout_left(disc, track.start_lba))
        return VCDR_ENOSPACE;
    track.state = VCDR_TRACK_RESERVED;
    track.reserved = true;
    track.room = blocks;
    rc = log_track(disc, number, &track);
    if (rc == VCDR_OK)
        rc = log_sync(disc);
    if (rc != VCDR_OK)
        return rc;
    layout_set_track(disc, number, &track);
    return VCDR_OK;
}

/* ---- sessions ---- */

int vcdr_disc_close_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final)
{
    const struct vcdr_session *session = last_session(disc);
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (next_allowed && b0_final)
        return VCDR_EINVAL;
    if (session->state != VCDR_SESSION_OPEN)
        return VCDR_ESTATE;
    if (session->recording != VCDR_RECORDING_TAO)
        return at_once_complete(disc, next_allowed, b0_final);
    for (unsigned t = session->first_track; t <= session->last_track; t++)
        if (track_of(disc, t)->state != VCDR_TRACK_COMPLETE)
            return VCDR_ESTATE;
    rc = log_session(disc, next_allowed, b0_final);
    if (rc == VCDR_OK)
        rc = log_sync(disc);
    if (rc != VCDR_OK)
        return rc;
    layout_close_session(disc, next_allowed, b0_final);
    return VCDR_OK;
}

/* SPDX-License-Identifier: MIT */
/* What a disc says of its tracks and sessions; nothing here changes it. */
#include <string.h>

#include "disc_private.h"

static void describe(const struct vcdr_disc *disc, unsigned number, struct vcdr_track *out)
{
    const struct track *track = track_at_const(disc, number);

    *out = (struct vcdr_track){
        .number = (uint8_t)number,
        .session = track->session,
        .state = track->state,
        .control = track->control,
        .block_type = track->block_type,
        .start_lba = track->start_lba,
        .written = track->written,
        .size = layout_span(disc, track),
        .reserved = track->reserved,
        .recording = track->recording,
        .pregap_lba = track_pregap(track),
        .last_index = track_at_once(track)
                          ? disc->stretches[track->first_stretch + track->stretches - 1U].index
                          : 1,
        .packet_size = track->packet_size,
    };
    memcpy(out->sub_header, track->sub_header, sizeof(out->sub_header));
    memcpy(out->isrc, track->isrc, sizeof(out->isrc));
}

static void describe_invisible(const struct vcdr_disc *disc, struct vcdr_track *out)
{
    int32_t start = layout_next_start(disc);

    *out = (struct vcdr_track){
        .number = (uint8_t)(disc->info.tracks + 1),
        .session = disc->info.sessions,
        .state = VCDR_TRACK_INVISIBLE,
        .start_lba = start,
        .size = layout_left(disc, start),
        .pregap_lba = start - CD_PREGAP_BLOCKS,
        .last_index = 1,
    };
}

int vcdr_disc_track(const struct vcdr_disc *disc, unsigned number, struct vcdr_track *out)
{
    if (number >= 1 && number <= disc->info.tracks)
        describe(disc, number, out);
    else if (number == disc->info.tracks + 1U && layout_has_invisible(disc))
        describe_invisible(disc, out);
    else
        return VCDR_ENOENT;
    return VCDR_OK;
}

int vcdr_disc_track_at(const struct vcdr_disc *disc, int32_t lba, struct vcdr_track *out)
{
    unsigned number = layout_last_starting(disc, lba);

    if (lba < -CD_PREGAP_BLOCKS || lba >= disc->info.geometry.last_lead_out_lba)
        return VCDR_EADDRESS;
    if (number > 0) {
        const struct track *track = track_at_const(disc, number);
        int32_t end = track->start_lba + (int32_t)layout_span(disc, track);

        if (track->state != VCDR_TRACK_COMPLETE && !track_at_once(track))
            end += RUN_OUT_BLOCKS;
        if (lba < end) {
            describe(disc, number, out);
            return VCDR_OK;
        }
        if (number < disc->info.tracks) /* the lead-out and lead-in between two sessions */
            return VCDR_EADDRESS;
    }
    if (!layout_has_invisible(disc) || lba < layout_next_start(disc) - CD_PREGAP_BLOCKS)
        return VCDR_EADDRESS;
    describe_invisible(disc, out);
    return VCDR_OK;
}

int vcdr_disc_session(const struct vcdr_disc *disc, unsigned number, struct vcdr_session *out)
{
    if (number < 1 || number > disc->info.sessions)
        return VCDR_ENOENT;
    *out = disc->sessions[number - 1];
    return VCDR_OK;
}

/* In a session at once the blocks are the session's: is this the number to ask for them by? */
static bool asks_at_once(const struct vcdr_disc *disc, unsigned number)
{
    if (!at_once_open(disc))
        return false;
    return last_at_once(disc)->recording == VCDR_RECORDING_RAW
               ? number == disc->info.tracks + 1U
               : number > 0 && number == disc->info.open_track;
}

int vcdr_disc_next_writable(const struct vcdr_disc *disc, unsigned number, int32_t *lba)
{
    struct vcdr_next_block next;
    struct vcdr_track track;
    int rc;

    if (asks_at_once(disc, number)) {
        rc = vcdr_disc_next_block(disc, &next);
        if (rc == VCDR_OK)
            *lba = next.lba;
        return rc;
    }
    rc = vcdr_disc_track(disc, number, &track);
    if (rc != VCDR_OK)
        return rc;
    if (track.state == VCDR_TRACK_COMPLETE)
        return VCDR_ESTATE;
    *lba = track.start_lba;
    if (track.state != VCDR_TRACK_INVISIBLE)
        *lba += (int32_t)packet_next(track_at_const(disc, number));
    return VCDR_OK;
}

int vcdr_disc_free_blocks(const struct vcdr_disc *disc, unsigned number, uint32_t *blocks)
{
    struct vcdr_track track;
    int rc;

    if (asks_at_once(disc, number)) {
        *blocks = at_once_left(disc);
        return VCDR_OK;
    }
    rc = vcdr_disc_track(disc, number, &track);
    if (rc != VCDR_OK)
        return rc;
    if (track.state == VCDR_TRACK_COMPLETE)
        return VCDR_ESTATE;
    *blocks = track.state == VCDR_TRACK_INVISIBLE ? track.size
                                                  : layout_room(disc, track_at_const(disc, number));
    /* A track has 300 blocks at least: where they do not fit, nothing does. */
    if (track.state == VCDR_TRACK_INVISIBLE && *blocks < CD_MIN_TRACK_BLOCKS)
        *blocks = 0;
    return VCDR_OK;
}

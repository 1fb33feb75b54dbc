/* SPDX-License-Identifier: MIT */
/*
 * Erasing a CD-RW. What is left is a state like any other: it is made in a second memory of the
 * disc, put in force as a new log, and read back from it, so that the disc is what it will be when
 * it is opened again.
 */
#include <stdlib.h>
#include <string.h>

#include "disc_private.h"

int vcdr_disc_blank(struct vcdr_disc *disc)
{
    if (disc->failed)
        return VCDR_EIO;
    if (disc->info.geometry.medium != VCDR_MEDIUM_CD_RW)
        return VCDR_EMODE;
    return make_blank(disc);
}

/* ---- the second memory ---- */

static int begin(const struct vcdr_disc *disc, struct vcdr_disc **next)
{
    if (disc->failed)
        return VCDR_EIO;
    if (disc->info.geometry.medium != VCDR_MEDIUM_CD_RW)
        return VCDR_EMODE;
    *next = malloc(sizeof(**next));
    if (!*next)
        return VCDR_ENOMEM;
    memcpy(*next, disc, sizeof(**next));
    return VCDR_OK;
}

/* Through the scratch, which nothing needs now. */
static int copy_bytes(struct vcdr_disc *disc, uint64_t from, uint64_t to, uint64_t len)
{
    int rc = VCDR_OK;

    disc->dirty = true;
    while (rc == VCDR_OK && len > 0) {
        size_t n = len < AREA_BYTES ? (size_t)len : AREA_BYTES;

        rc = disc->store.ops->read(disc->store.ctx, from, disc->scratch, n);
        if (rc == VCDR_OK)
            rc = disc->store.ops->write(disc->store.ctx, to, disc->scratch, n);
        from += n;
        to += n;
        len -= n;
    }
    return rc;
}

/* A session at once goes as a whole, with its lead-in text. */
static int leave_region_at_once(struct vcdr_disc *disc, struct vcdr_disc *next, unsigned s)
{
    const struct at_once before = next->at_once[s];
    struct at_once after = before;
    int32_t start = next->sessions[s].first_lba - CD_PREGAP_BLOCKS;
    int rc = VCDR_OK;

    if (before.recording == VCDR_RECORDING_TAO)
        return VCDR_OK;
    after.region = (uint8_t)(REGIONS - 1 - before.region);
    next->at_once[s].blob_at = 0; /* its old place is in nobody's way */
    if (before.blob_at > 0)
        rc = blob_find_room(next, &after);
    if (rc == VCDR_OK && before.blob_at > 0)
        rc = copy_bytes(disc, before.blob_at, after.blob_at, blob_end(&before) - before.blob_at);
    if (rc != VCDR_OK)
        return rc;
    next->at_once[s] = after;
    return copy_bytes(disc, layout_place(before.region, start), layout_place(after.region, start),
                      (uint64_t)before.blocks * BLOCK_STRIDE);
}

/* What remains goes to the region where the snapshot has no track. Nothing counts the copies before
 * the new log does. */
static int leave_region(struct vcdr_disc *disc, struct vcdr_disc *next)
{
    int rc = VCDR_OK;

    for (unsigned s = 0; rc == VCDR_OK && s < next->info.sessions; s++)
        rc = leave_region_at_once(disc, next, s);
    for (unsigned n = 1; rc == VCDR_OK && n <= next->info.tracks; n++) {
        struct track *track = track_of(next, n);
        uint64_t table, from, end;

        if (track_at_once(track))
            continue;
        table = packet_table(track, 0);
        from = layout_offset(track, 0);
        end = layout_offset(track, track->stored);
        track->region = (uint8_t)(REGIONS - 1 - track->region);
        rc = copy_bytes(disc, from, layout_offset(track, 0), end - from);
        if (rc == VCDR_OK && track->packets > 0)
            rc = copy_bytes(disc, table, packet_table(track, 0), from - table);
    }
    return rc;
}

/* Makes the second memory the disc's state. Takes it over. */
static int put_in_force(struct vcdr_disc *disc, struct vcdr_disc *next)
{
    struct snapshot *state = malloc(sizeof(*state));
    int rc = state ? VCDR_OK : VCDR_ENOMEM;
    unsigned open = next->info.open_track;

    if (rc == VCDR_OK && log_check_snapshot(next) != VCDR_OK)
        rc = leave_region(disc, next);
    if (rc == VCDR_OK && open > 0 && track_of(next, open)->stored > track_of(disc, open)->stored)
        /* what was padding counts now */
        rc = store_zeros(disc, layout_offset(track_of(next, open), track_of(disc, open)->stored),
                         layout_offset(track_of(next, open), track_of(next, open)->stored));
    if (rc == VCDR_OK) {
        log_take(next, state);
        rc = log_renew(disc, disc->snapshot, state);
    }
    if (rc == VCDR_OK)
        rc = log_recall(disc, state);
    free(state);
    free(next);
    return rc;
}

/* ---- tracks of the open session ---- */

static void forget_last_track(struct vcdr_disc *next)
{
    struct vcdr_session *session = present_session(next);

    if (next->info.open_track == next->info.tracks)
        next->info.open_track = 0;
    next->info.tracks--;
    session->last_track = session->first_track <= next->info.tracks ? next->info.tracks : 0;
}

static int find_in_open_session(const struct vcdr_disc *disc, unsigned number)
{
    if (number < 1 || number > disc->info.tracks)
        return VCDR_ENOENT;
    if (last_session(disc)->state != VCDR_SESSION_OPEN ||
        last_session(disc)->recording != VCDR_RECORDING_TAO ||
        number < last_session(disc)->first_track)
        return VCDR_ESTATE;
    return VCDR_OK;
}

int vcdr_disc_erase_track(struct vcdr_disc *disc, unsigned number)
{
    struct vcdr_disc *next;
    struct track *track;
    int rc = begin(disc, &next);

    if (rc != VCDR_OK)
        return rc;
    rc = find_in_open_session(disc, number);
    if (rc != VCDR_OK) {
        free(next);
        return rc;
    }
    track = track_of(next, number);
    if (track->state == VCDR_TRACK_OPEN && track->room == 0) {
        forget_last_track(next);
    } else {
        *track = (struct track){
            .session = track->session,
            .state = VCDR_TRACK_RESERVED,
            .reserved = true,
            .room = layout_extent(track),
            .region = track->region,
            .start_lba = track->start_lba,
        };
        if (next->info.open_track == number)
            next->info.open_track = 0;
    }
    return put_in_force(disc, next);
}

int vcdr_disc_unreserve(struct vcdr_disc *disc, unsigned number)
{
    struct vcdr_disc *next;
    int rc = begin(disc, &next);

    if (rc != VCDR_OK)
        return rc;
    rc = find_in_open_session(disc, number);
    if (rc == VCDR_OK &&
        (number != disc->info.tracks || track_of(disc, number)->state != VCDR_TRACK_RESERVED))
        rc = VCDR_ESTATE;
    if (rc != VCDR_OK) {
        free(next);
        return rc;
    }
    forget_last_track(next);
    return put_in_force(disc, next);
}

/* Number of the track with a block at this address, 0 for none. */
static unsigned track_with(const struct vcdr_disc *disc, int32_t lba)
{
    unsigned number = layout_last_starting(disc, lba);
    const struct track *track;

    if (number == 0)
        return 0;
    track = track_at_const(disc, number);
    return lba >= track->start_lba && lba - track->start_lba < (int32_t)track->written ? number : 0;
}

int vcdr_disc_erase_tail(struct vcdr_disc *disc, int32_t lba)
{
    unsigned number = track_with(disc, lba);
    struct vcdr_disc *next;
    struct track *track;
    int rc = begin(disc, &next);

    if (rc != VCDR_OK)
        return rc;
    rc = number > 0 ? find_in_open_session(disc, number) : VCDR_EADDRESS;
    if (rc == VCDR_OK && disc->info.open_track > 0 && disc->info.open_track != number)
        rc = VCDR_ESTATE;
    if (rc != VCDR_OK) {
        free(next);
        return rc;
    }
    track = track_of(next, number);
    if (number < disc->info.tracks &&
        track->room == 0) { /* it ends where the next one's gap begins */
        track->room = layout_extent(track);
        track->reserved = true;
    }
    track->state = VCDR_TRACK_OPEN;
    if (track_in_packets(track))
        rc = packet_cut(disc, track, (uint32_t)(lba - track->start_lba));
    else
        track->stored = (uint32_t)(lba - track->start_lba);
    if (rc != VCDR_OK) {
        free(next);
        return rc;
    }
    track->written = track->stored;
    next->info.open_track = (uint8_t)number;
    return put_in_force(disc, next);
}

/* ---- sessions ---- */

static bool is_empty(const struct vcdr_session *session)
{
    return session->state == VCDR_SESSION_EMPTY;
}

int vcdr_disc_unclose_session(struct vcdr_disc *disc)
{
    struct vcdr_disc *next;
    int rc = begin(disc, &next);

    if (rc != VCDR_OK)
        return rc;
    if (disc->info.complete_sessions == 0)
        rc = VCDR_ENOENT;
    else if (disc->info.complete_sessions < disc->info.sessions && !is_empty(last_session(disc)))
        rc = VCDR_ESTATE;
    else if (disc->sessions[disc->info.complete_sessions - 1].recording != VCDR_RECORDING_TAO)
        rc = VCDR_ESTATE;
    if (rc != VCDR_OK) {
        free(next);
        return rc;
    }
    next->info.sessions = next->info.complete_sessions--;
    present_session(next)->state = VCDR_SESSION_OPEN;
    return put_in_force(disc, next);
}

int vcdr_disc_erase_session(struct vcdr_disc *disc)
{
    struct vcdr_session *session;
    struct vcdr_disc *next;
    int rc = begin(disc, &next);

    if (rc != VCDR_OK)
        return rc;
    if (is_empty(last_session(disc)) && disc->info.sessions == 1) {
        free(next);
        return VCDR_ENOENT;
    }
    if (is_empty(last_session(disc)))
        next->info.sessions--;
    session = present_session(next);
    if (session->state == VCDR_SESSION_COMPLETE)
        next->info.complete_sessions--;
    next->info.tracks = (uint8_t)(session->first_track - 1);
    next->info.open_track = 0;
    *session = (struct vcdr_session){
        .number = session->number,
        .first_track = session->first_track,
        .lead_in_lba = session->lead_in_lba,
        .first_lba = session->first_lba,
    };
    next->at_once[next->info.sessions - 1] = (struct at_once){.tracks = 0};
    return put_in_force(disc, next);
}

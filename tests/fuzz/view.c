/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/view.h"

#include <string.h>
#include "tests/fuzz/must.h"

static bool at_once(const struct vcdr_track *track)
{
    return track->recording == VCDR_RECORDING_SAO || track->recording == VCDR_RECORDING_RAW;
}

/* In a session at once blocks come from the pre-gap on, and tracks touch. */
static void check_next(const struct vcdr_track *track, int32_t next)
{
    int32_t end = track->start_lba + (int32_t)track->written;

    if (at_once(track))
        MUST(track->written > 0 ? next == end : next >= track->pregap_lba && next <= end);
    else if (track->recording == VCDR_RECORDING_PACKET && track->packet_size > 0)
        MUST(next >= end && next < end + (int32_t)track->packet_size);
    else if (track->recording == VCDR_RECORDING_PACKET)
        MUST(next == end || (track->written > 0 && next == end + 7)); /* linking */
    else
        MUST(next == end);
}

static void check_complete(const struct view *view, const struct vcdr_track *track)
{
    int32_t end = track->start_lba + (int32_t)track->size;

    if (at_once(track))
        MUST(track->written > 0 && track->size == track->written);
    else if (track->recording == VCDR_RECORDING_PACKET) /* fixed: without the linking */
        MUST(track->written > 0 && track->size == track->written + 2);
    else
        MUST(track->written >= 300 && track->size == track->written + 2);
    MUST(end <= view->info.geometry.last_lead_out_lba);
}

static void take_track(const struct vcdr_disc *disc, struct view *view, unsigned number)
{
    struct vcdr_track *track = &view->tracks[number - 1];
    struct vcdr_track found;

    MUST(vcdr_disc_track(disc, number, track) == VCDR_OK);
    MUST(track->number == number);
    MUST(track->session >= 1 && track->session <= view->info.sessions);
    view->next_writable[number - 1] = INT32_MIN;
    if (vcdr_disc_next_writable(disc, number, &view->next_writable[number - 1]) == VCDR_OK) {
        check_next(track, view->next_writable[number - 1]);
        MUST(vcdr_disc_free_blocks(disc, number, &view->free_blocks[number - 1]) == VCDR_OK);
    }
    if (number > 1)
        MUST(track->start_lba >= track[-1].start_lba + (int32_t)track[-1].written);
    if (track->state == VCDR_TRACK_COMPLETE) {
        check_complete(view, track);
        MUST(vcdr_disc_track_at(disc, track->start_lba, &found) == VCDR_OK);
        MUST(found.number == number);
    }
    MUST(track->pregap_lba <= track->start_lba && track->last_index >= 1);
    MUST(strlen(track->isrc) == 0 || strlen(track->isrc) == 12);
    view->track_count = number;
}

void view_take(const struct vcdr_disc *disc, struct view *view)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    struct vcdr_track beyond;

    memset(view, 0, sizeof(*view));
    view->info = *info;
    MUST(info->tracks <= 99 && info->sessions >= 1 && info->sessions <= 100);
    MUST(info->complete_sessions == info->sessions ||
         info->complete_sessions + 1 == info->sessions);
    MUST((info->status == VCDR_DISC_COMPLETE) == (info->complete_sessions == info->sessions));
    MUST(strlen(info->mcn) == 0 || strlen(info->mcn) == 13);
    for (unsigned n = 1; n <= info->tracks; n++)
        take_track(disc, view, n);
    if (vcdr_disc_track(disc, info->tracks + 1U, &beyond) == VCDR_OK) {
        MUST(beyond.state == VCDR_TRACK_INVISIBLE);
        take_track(disc, view, info->tracks + 1U);
    }
    for (unsigned n = 1; n <= info->sessions; n++) {
        struct vcdr_session *session = &view->sessions[n - 1];

        MUST(vcdr_disc_session(disc, n, session) == VCDR_OK && session->number == n);
        MUST((session->state == VCDR_SESSION_COMPLETE) == (n <= info->complete_sessions));
        if (n > 1)
            MUST(session->lead_in_lba > session[-1].lead_out_lba);
    }
}

#define SAME(field) (a->field == b->field)

static bool same_track(const struct vcdr_track *a, const struct vcdr_track *b)
{
    return SAME(number) && SAME(session) && SAME(state) && SAME(control) && SAME(block_type) &&
           SAME(start_lba) && SAME(written) && SAME(size) && SAME(reserved) && SAME(recording) &&
           SAME(pregap_lba) && SAME(last_index) && SAME(packet_size) &&
           memcmp(a->sub_header, b->sub_header, 4) == 0 && strcmp(a->isrc, b->isrc) == 0;
}

static bool same_session(const struct vcdr_session *a, const struct vcdr_session *b)
{
    return SAME(number) && SAME(state) && SAME(format) && SAME(first_track) && SAME(last_track) &&
           SAME(lead_in_lba) && SAME(first_lba) && SAME(recording) && SAME(packs) &&
           (a->state != VCDR_SESSION_COMPLETE ||
            (SAME(lead_out_lba) && SAME(next_allowed) && SAME(b0_final)));
}

/* The generation counts changes since the disc was opened: it is not looked at. */
static bool same_info(const struct vcdr_disc_info *a, const struct vcdr_disc_info *b)
{
    return SAME(geometry.medium) && SAME(geometry.lead_in_lba) &&
           SAME(geometry.last_lead_out_lba) && SAME(status) && SAME(sessions) &&
           SAME(complete_sessions) && SAME(tracks) && SAME(open_track) && SAME(snapshot) &&
           SAME(serial) && strcmp(a->mcn, b->mcn) == 0;
}

bool view_same(const struct view *a, const struct view *b)
{
    if (!same_info(&a->info, &b->info) || !SAME(track_count))
        return false;
    for (unsigned t = 0; t < a->track_count; t++)
        if (!same_track(&a->tracks[t], &b->tracks[t]) || !SAME(next_writable[t]) ||
            !SAME(free_blocks[t]))
            return false;
    for (unsigned s = 0; s < a->info.sessions; s++)
        if (!same_session(&a->sessions[s], &b->sessions[s]))
            return false;
    return true;
}

bool view_at_once(const struct view *view)
{
    const struct vcdr_session *session = &view->sessions[view->info.sessions - 1];

    return session->state == VCDR_SESSION_OPEN && session->recording != VCDR_RECORDING_TAO;
}

/* A track that is whole is so for good, but in a session at once only once that is closed. */
static bool promised(const struct view *view, unsigned t)
{
    return !at_once(&view->tracks[t]) ||
           view->sessions[view->tracks[t].session - 1].state == VCDR_SESSION_COMPLETE;
}

bool view_keeps(const struct view *before, const struct view *after)
{
    for (unsigned t = 0; t < before->info.tracks; t++)
        if (before->tracks[t].state == VCDR_TRACK_COMPLETE && promised(before, t) &&
            !same_track(&before->tracks[t], &after->tracks[t]))
            return false;
    for (unsigned s = 0; s < before->info.complete_sessions; s++)
        if (!same_session(&before->sessions[s], &after->sessions[s]))
            return false;
    return after->info.complete_sessions >= before->info.complete_sessions;
}

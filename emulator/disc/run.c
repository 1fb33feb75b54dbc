/* SPDX-License-Identifier: MIT */
/* What lies at an address: which track, which kind of block, where in the file, and for how long.
 */
#include "disc_private.h"

/* ---- tracks written at once ---- */

const struct vcdr_stretch *run_stretch(const struct vcdr_disc *disc, const struct track *track,
                                       int32_t lba)
{
    const struct vcdr_stretch *stretches = &disc->stretches[track->first_stretch];
    unsigned low = 0, high = track->stretches - 1U;

    while (low < high) {
        unsigned middle = low + (high - low + 1) / 2;

        if (stretches[middle].lba <= lba)
            low = middle;
        else
            high = middle - 1;
    }
    return &stretches[low];
}

static int find_in_stretches(const struct vcdr_disc *disc, const struct track *track, int32_t lba,
                             struct run *run)
{
    const struct vcdr_session *session = &disc->sessions[track->session - 1];
    const struct at_once *at_once = &disc->at_once[track->session - 1];
    const struct vcdr_stretch *stretch = run_stretch(disc, track, lba);
    const struct vcdr_stretch *last = &disc->stretches[track->first_stretch + track->stretches - 1];
    int32_t written = session->first_lba - CD_PREGAP_BLOCKS + (int32_t)at_once->blocks;
    int32_t end = track->start_lba + (int32_t)track->planned;

    if (stretch < last)
        end = stretch[1].lba;
    if (end > written)
        end = written;
    if (lba >= end)
        return track < track_at_const(disc, disc->info.tracks) ? VCDR_EUNREADABLE : VCDR_EADDRESS;
    *run = (struct run){
        .track = track, .stretch = stretch, .blocks = (uint32_t)(end - lba), .address = lba};
    shape_of_form(stretch->form, &run->shape);
    run->stored = shape_bytes(&run->shape) > 0;
    run->offset = layout_place(at_once->region, stretch->lba) +
                  (uint64_t)(lba - stretch->lba) * shape_bytes(&run->shape);
    return VCDR_OK;
}

/* ---- all tracks ---- */

/* A run in packets ends with its packet. */
static int within_packet(const struct vcdr_disc *disc, const struct track *track, int32_t at,
                         struct run *run)
{
    uint32_t blocks;
    int rc;

    if (!track_in_packets(track) || at < 0)
        return VCDR_OK;
    run->address = packet_address(track, (uint32_t)at);
    rc = packet_run(disc, track, (uint32_t)at, &blocks);
    if (rc == VCDR_OK && blocks < run->blocks)
        run->blocks = blocks;
    return rc;
}

int run_find(const struct vcdr_disc *disc, int32_t lba, struct run *run)
{
    unsigned number = layout_last_starting(disc, lba);
    const struct track *track;
    int32_t at;

    if (number == 0 || lba < -CD_PREGAP_BLOCKS)
        return VCDR_EADDRESS;
    track = track_at_const(disc, number);
    if (track_at_once(track))
        return find_in_stretches(disc, track, lba, run);
    at = lba - track->start_lba;
    *run = (struct run){.track = track, .stored = true, .address = lba};
    shape_of_type(track->block_type, &run->shape);
    if (at >= 0 && (uint32_t)at < track->stored) {
        run->offset = layout_offset(track, (uint32_t)at);
        run->blocks = track->stored - (uint32_t)at;
        return within_packet(disc, track, at, run);
    }
    run->stored = false;
    if (track->state == VCDR_TRACK_COMPLETE && at < (int32_t)track->written) {
        run->blocks = at < 0 ? (uint32_t)-at : track->written - (uint32_t)at;
        return within_packet(disc, track, at, run);
    }
    if (number < disc->info.tracks || at < 0) /* before something that is there */
        return VCDR_EUNREADABLE;
    /* Nothing follows: the reserved place or the run-out ends the recorded area. */
    if (track->state == VCDR_TRACK_COMPLETE || track->room > 0)
        return at < (int32_t)layout_span(disc, track) ? VCDR_EUNREADABLE : VCDR_EADDRESS;
    return VCDR_EADDRESS;
}

/* SPDX-License-Identifier: MIT */
/*
 * Sessions at once: opened, written, completed or given up. Each call checks everything, then makes
 * the log say it, then changes the memory.
 */
#include <string.h>

#include "disc_private.h"

/* ---- opening ---- */

static int may_open(const struct vcdr_disc *disc)
{
    if (disc->failed)
        return VCDR_EIO;
    return disc->info.status == VCDR_DISC_COMPLETE ||
                   last_session(disc)->state != VCDR_SESSION_EMPTY
               ? VCDR_ESTATE
               : VCDR_OK;
}

int vcdr_disc_check_layout(const struct vcdr_disc *disc, const struct vcdr_session_layout *layout)
{
    int rc = may_open(disc);

    return rc == VCDR_OK ? at_once_check(disc, layout, false) : rc;
}

/* Blocks that the disc makes before the first of the host. */
static uint32_t made_first(const struct vcdr_disc *disc, const struct at_once *at_once)
{
    const struct vcdr_stretch *stretches = &disc->stretches[disc->stretch_count];
    unsigned i = 0;

    while (i < at_once->stretches && vcdr_form_bytes(stretches[i].form) == 0)
        i++;
    return (uint32_t)((i < at_once->stretches ? stretches[i].lba : at_once->lead_out_lba) -
                      at_once_start(disc));
}

int vcdr_disc_open_session(struct vcdr_disc *disc, const struct vcdr_session_layout *layout)
{
    struct at_once at_once = {
        .recording = VCDR_RECORDING_SAO,
        .region = layout_region(disc),
    };
    int rc = vcdr_disc_check_layout(disc, layout);

    if (rc != VCDR_OK)
        return rc;
    at_once.lead_out_lba = layout->lead_out_lba;
    if (layout->mcn)
        memcpy(at_once.mcn, layout->mcn, 13);
    rc = blob_write(disc, layout, false, NULL, &at_once);
    if (rc != VCDR_OK)
        return rc;
    at_once.blocks = made_first(disc, &at_once);
    rc = log_at_once(disc, &at_once, layout->format);
    if (rc != VCDR_OK)
        return rc;
    at_once_begin(disc, &at_once, layout->format);
    at_once_lay_out(disc, layout, &at_once, NULL);
    return VCDR_OK;
}

int vcdr_disc_open_raw(struct vcdr_disc *disc)
{
    const struct at_once at_once = {
        .recording = VCDR_RECORDING_RAW,
        .region = layout_region(disc),
    };
    int rc = may_open(disc);

    if (rc == VCDR_OK && disc->info.tracks >= CD_MAX_TRACKS)
        rc = VCDR_ETRACKS;
    if (rc == VCDR_OK &&
        disc->info.geometry.last_lead_out_lba - last_session(disc)->first_lba < CD_MIN_TRACK_BLOCKS)
        rc = VCDR_ENOSPACE;
    if (rc == VCDR_OK)
        rc = log_at_once(disc, &at_once, SESSION_FORMAT_CD_DA_ROM);
    if (rc != VCDR_OK)
        return rc;
    at_once_begin(disc, &at_once, SESSION_FORMAT_CD_DA_ROM);
    return VCDR_OK;
}

/* ---- writing ---- */

int vcdr_disc_next_block(const struct vcdr_disc *disc, struct vcdr_next_block *out)
{
    const struct at_once *at_once = last_at_once(disc);
    int32_t lba, end;
    unsigned bytes = BLOCK_STRIDE;

    if (!at_once_open(disc))
        return VCDR_ESTATE;
    lba = at_once_start(disc) + (int32_t)at_once->blocks;
    if (at_once->recording == VCDR_RECORDING_SAO) {
        if (disc->writing == disc->stretch_count)
            return VCDR_ESTATE;
        bytes = (unsigned)vcdr_form_bytes(disc->stretches[disc->writing].form);
        end = disc->size_end < disc->stretch_count ? disc->stretches[disc->size_end].lba
                                                   : at_once->lead_out_lba;
    } else {
        end = disc->info.geometry.last_lead_out_lba;
    }
    if (lba >= end)
        return VCDR_ESTATE;
    *out = (struct vcdr_next_block){
        .lba = lba,
        .bytes = (uint16_t)bytes,
        .blocks = (uint32_t)(end - lba),
    };
    return VCDR_OK;
}

uint32_t at_once_left(const struct vcdr_disc *disc)
{
    const struct at_once *at_once = last_at_once(disc);
    int32_t next = at_once_start(disc) + (int32_t)at_once->blocks;
    int32_t end = at_once->recording == VCDR_RECORDING_SAO ? at_once->lead_out_lba
                                                           : disc->info.geometry.last_lead_out_lba;

    return (uint32_t)(end - next);
}

/* Stretch by stretch, since each begins at its own place in the file. */
static int store_blocks(struct vcdr_disc *disc, const struct vcdr_next_block *next,
                        const uint8_t *data, uint32_t blocks)
{
    uint8_t region = last_at_once(disc)->region;
    unsigned i = disc->writing;
    int32_t lba = next->lba, end = lba + (int32_t)blocks;
    int rc = VCDR_OK;

    while (rc == VCDR_OK && lba < end) {
        int32_t from = disc->stretches[i].lba, to = end;
        size_t len;

        if (i + 1 < disc->stretch_count && disc->stretches[i + 1].lba < end)
            to = disc->stretches[i + 1].lba;
        len = (size_t)(to - lba) * next->bytes;
        rc = disc->store.ops->write(
            disc->store.ctx, layout_place(region, from) + (uint64_t)(lba - from) * next->bytes,
            data, len);
        data += len;
        lba = to;
        i++;
    }
    return rc;
}

int at_once_write(struct vcdr_disc *disc, const void *data, uint32_t blocks)
{
    const struct at_once *at_once = last_at_once(disc);
    struct vcdr_next_block next;
    int rc;

    if (blocks > at_once_left(disc))
        return VCDR_ENOSPACE;
    if (blocks == 0)
        return VCDR_OK;
    rc = vcdr_disc_next_block(disc, &next);
    if (rc != VCDR_OK)
        return rc;
    if (blocks > next.blocks)
        return VCDR_EMODE;
    disc->dirty = true;
    if (at_once->recording == VCDR_RECORDING_SAO)
        rc = store_blocks(disc, &next, data, blocks);
    else
        rc = disc->store.ops->write(disc->store.ctx, layout_place(at_once->region, next.lba), data,
                                    (size_t)blocks * BLOCK_STRIDE);
    if (rc != VCDR_OK) /* nothing counts them: the same blocks may be written again */
        return rc;
    at_once_advance(disc, at_once->blocks + blocks);
    return VCDR_OK;
}

int at_once_note(struct vcdr_disc *disc)
{
    const struct at_once *at_once = last_at_once(disc);
    int rc;

    if (disc->noted == at_once->blocks)
        return VCDR_OK;
    rc = log_at_once(disc, at_once, last_session(disc)->format);
    if (rc == VCDR_OK)
        disc->noted = at_once->blocks;
    return rc;
}

/* ---- closing ---- */

static int complete(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format,
                    bool next_allowed, bool b0_final)
{
    int rc = log_at_once_complete(disc, at_once, format, next_allowed, b0_final);

    return rc == VCDR_OK ? log_sync(disc) : rc;
}

int at_once_complete(struct vcdr_disc *disc, bool next_allowed, bool b0_final)
{
    const struct at_once *at_once = last_at_once(disc);
    int rc;

    if (at_once->recording == VCDR_RECORDING_RAW || at_once_left(disc) > 0)
        return VCDR_ESTATE;
    rc = complete(disc, at_once, last_session(disc)->format, next_allowed, b0_final);
    if (rc == VCDR_OK)
        layout_close_session(disc, next_allowed, b0_final);
    return rc;
}

/* The data block type of the sectors that a track of a raw session begins with. */
static int probe(struct vcdr_disc *disc, const struct vcdr_stretch *stretch, uint8_t region,
                 uint8_t *block_type)
{
    uint8_t sector[SECTOR_BYTES];
    int rc;

    *block_type = BLOCK_TYPE_RAW;
    if (!(stretch->control & CONTROL_DATA))
        return VCDR_OK;
    rc = disc->store.ops->read(disc->store.ctx, layout_place(region, stretch->lba), sector,
                               sizeof(sector));
    if (rc != VCDR_OK)
        return rc;
    sector_scramble(&disc->scramble, sector);
    if (!sector_has_sync(sector) || sector[SECTOR_HEADER_AT + 3] != 2)
        *block_type = BLOCK_TYPE_MODE1;
    else if (memcmp(sector + SECTOR_DATA_AT, sector + SECTOR_DATA_AT + 4, 4) == 0)
        *block_type = BLOCK_TYPE_XA_MIXED; /* a sub-header, twice */
    else
        *block_type = BLOCK_TYPE_MODE2;
    return VCDR_OK;
}

static int probe_tracks(struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                        uint8_t block_types[CD_MAX_TRACKS])
{
    uint8_t region = last_at_once(disc)->region;
    unsigned n = at_once_take(disc, layout, true), t = 0;
    int rc = VCDR_OK;

    for (unsigned i = 0; rc == VCDR_OK && i < n; i++) {
        const struct vcdr_stretch *stretch = &disc->stretches[disc->stretch_count + i];

        if (stretch->index == 1)
            rc = probe(disc, stretch, region, &block_types[t++]);
    }
    return rc;
}

int vcdr_disc_close_raw(struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                        bool next_allowed, bool b0_final)
{
    struct at_once at_once = *last_at_once(disc);
    uint8_t block_types[CD_MAX_TRACKS];
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (!at_once_open(disc) || at_once.recording != VCDR_RECORDING_RAW)
        return VCDR_ESTATE;
    rc = at_once_check(disc, layout, true);
    if (rc != VCDR_OK)
        return rc;
    if ((next_allowed && b0_final) ||
        (int64_t)at_once.blocks < (int64_t)layout->lead_out_lba - at_once_start(disc))
        return VCDR_EINVAL;
    at_once.lead_out_lba = layout->lead_out_lba;
    if (layout->mcn)
        memcpy(at_once.mcn, layout->mcn, 13);
    rc = probe_tracks(disc, layout, block_types);
    if (rc == VCDR_OK)
        rc = blob_write(disc, layout, true, block_types, &at_once);
    if (rc == VCDR_OK)
        rc = complete(disc, &at_once, layout->format, next_allowed, b0_final);
    if (rc != VCDR_OK)
        return rc;
    at_once_begin(disc, &at_once, layout->format);
    at_once_lay_out(disc, layout, &at_once, block_types);
    layout_close_session(disc, next_allowed, b0_final);
    return VCDR_OK;
}

int vcdr_disc_interrupt_session(struct vcdr_disc *disc)
{
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (!at_once_open(disc))
        return VCDR_ESTATE;
    rc = vcdr_disc_flush(disc);
    if (rc == VCDR_OK)
        at_once_damage(disc);
    return rc;
}

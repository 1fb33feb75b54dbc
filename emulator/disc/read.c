/* SPDX-License-Identifier: MIT */
/*
 * Reading: an address is found once for a run of blocks, which then come from the store in one
 * read, straight into the caller's buffer, and are made into sectors there.
 */
#include <string.h>

#include "disc_private.h"

/* Blocks from one address on that are of one kind. */
struct run {
    const struct track *track;
    uint32_t block;  /* in the track, of the first of them; for stored ones */
    uint32_t blocks; /* at least 1 */
    bool stored;     /* otherwise empty: padding or pre-gap */
};

static int find_run(const struct vcdr_disc *disc, int32_t lba, struct run *run)
{
    unsigned number = layout_last_starting(disc, lba);
    const struct track *track;
    int32_t at;

    if (number == 0 || lba < -CD_PREGAP_BLOCKS)
        return VCDR_EADDRESS;
    track = track_at_const(disc, number);
    at = lba - track->start_lba;
    *run = (struct run){.track = track, .block = (uint32_t)at, .stored = true};
    if (at >= 0 && (uint32_t)at < track->stored) {
        run->blocks = track->stored - (uint32_t)at;
        return VCDR_OK;
    }
    run->stored = false;
    if (track->state == VCDR_TRACK_COMPLETE && at < (int32_t)track->written) {
        run->blocks = at < 0 ? (uint32_t)-at : track->written - (uint32_t)at;
        return VCDR_OK;
    }
    if (number < disc->info.tracks || at < 0) /* before something that is there */
        return VCDR_EUNREADABLE;
    /* Nothing follows: the reserved place or the run-out ends the recorded area. */
    if (track->state == VCDR_TRACK_COMPLETE || track->room > 0)
        return at < (int32_t)layout_span(disc, track) ? VCDR_EUNREADABLE : VCDR_EADDRESS;
    return VCDR_EADDRESS;
}

/* ---- a run of raw sectors ---- */

/* Host blocks, packed at the end of the room for sectors, move to where they belong from the front
 * on: a sector's end never passes the beginning of the next packed block. */
static void make_sectors(const struct vcdr_disc *disc, const struct track *track, int32_t lba,
                         uint32_t blocks, uint8_t *buf)
{
    const struct block_type *type = block_type_of(track->block_type);
    const uint8_t *packed = buf + (size_t)blocks * (SECTOR_BYTES - type->bytes);

    for (uint32_t i = 0; i < blocks; i++, buf += SECTOR_BYTES, packed += type->bytes, lba++) {
        switch (type->kind) {
        case SECTOR_AUDIO:
            break;
        case SECTOR_MODE1:
            memmove(buf + SECTOR_DATA_AT, packed, type->bytes);
            sector_finish_mode1(&disc->edc, buf, lba);
            break;
        case SECTOR_MODE2:
        case SECTOR_FORM1:
            memmove(buf + SECTOR_FORM_DATA_AT, packed, type->bytes);
            memcpy(buf + SECTOR_DATA_AT, track->sub_header, 4);
            memcpy(buf + SECTOR_DATA_AT + 4, track->sub_header, 4);
            sector_finish_mode2(&disc->edc, buf, lba);
            break;
        case SECTOR_MIXED:
            memmove(buf + SECTOR_DATA_AT, packed, type->bytes);
            sector_finish_mode2(&disc->edc, buf, lba);
            break;
        }
    }
}

static int raw_run(struct vcdr_disc *disc, const struct run *run, int32_t lba, uint32_t blocks,
                   uint8_t *buf)
{
    size_t len = (size_t)blocks * vcdr_block_bytes(run->track->block_type);
    uint8_t *packed = buf + (size_t)blocks * SECTOR_BYTES - len;
    int rc = VCDR_OK;

    if (run->stored)
        rc = disc->store.ops->read(disc->store.ctx, layout_offset(run->track, run->block), packed,
                                   len);
    else
        memset(packed, 0, len);
    if (rc == VCDR_OK)
        make_sectors(disc, run->track, lba, blocks, buf);
    return rc;
}

/* ---- a run of user data ---- */

/* Sub-header and 2324 bytes a block: the user data of form 1 blocks, until one of form 2. */
static int user_of_mixed(struct vcdr_disc *disc, const struct run *run, uint32_t blocks,
                         uint8_t *buf, uint32_t *done)
{
    enum { BLOCK = 8 + SECTOR_FORM2_BYTES, AT_ONCE = AREA_BYTES / BLOCK };

    for (*done = 0; *done < blocks;) {
        uint32_t n = blocks - *done < AT_ONCE ? blocks - *done : AT_ONCE;
        int rc =
            disc->store.ops->read(disc->store.ctx, layout_offset(run->track, run->block + *done),
                                  disc->scratch, (size_t)n * BLOCK);

        for (uint32_t i = 0; rc == VCDR_OK && i < n; i++) {
            const uint8_t *block = disc->scratch + (size_t)i * BLOCK;

            if (block[2] & SECTOR_SUBMODE_FORM2)
                return VCDR_EMODE;
            memcpy(buf + (size_t)*done * SECTOR_USER_BYTES, block + 8, SECTOR_USER_BYTES);
            ++*done;
        }
        if (rc != VCDR_OK)
            return rc;
    }
    return VCDR_OK;
}

static int user_run(struct vcdr_disc *disc, const struct run *run, uint32_t blocks, uint8_t *buf,
                    uint32_t *done)
{
    size_t len = (size_t)blocks * SECTOR_USER_BYTES;
    int rc = VCDR_OK;

    *done = 0;
    switch (block_type_of(run->track->block_type)->kind) {
    case SECTOR_AUDIO:
    case SECTOR_MODE2:
        return VCDR_EMODE;
    case SECTOR_MIXED:
        if (run->stored)
            return user_of_mixed(disc, run, blocks, buf, done);
        memset(buf, 0, len);
        break;
    case SECTOR_MODE1:
    case SECTOR_FORM1:
        if (run->stored)
            rc = disc->store.ops->read(disc->store.ctx, layout_offset(run->track, run->block), buf,
                                       len);
        else
            memset(buf, 0, len);
        break;
    }
    if (rc == VCDR_OK)
        *done = blocks;
    return rc;
}

/* ---- the calls ---- */

int vcdr_disc_read_raw(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                       uint32_t *done)
{
    uint32_t good = 0;
    int rc = VCDR_OK;

    if (disc->kept) /* a rehearsal records nothing that could be read */
        disc = disc->kept;
    while (rc == VCDR_OK && good < blocks) {
        struct run run;
        uint32_t n;

        rc = find_run(disc, lba + (int32_t)good, &run);
        if (rc != VCDR_OK)
            break;
        n = blocks - good < run.blocks ? blocks - good : run.blocks;
        rc = raw_run(disc, &run, lba + (int32_t)good, n,
                     (uint8_t *)buf + (size_t)good * SECTOR_BYTES);
        if (rc == VCDR_OK)
            good += n;
    }
    if (done)
        *done = good;
    return rc;
}

int vcdr_disc_read_user(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                        uint32_t *done)
{
    uint32_t good = 0;
    int rc = VCDR_OK;

    if (disc->kept)
        disc = disc->kept;
    while (rc == VCDR_OK && good < blocks) {
        struct run run;
        uint32_t n, part;

        rc = find_run(disc, lba + (int32_t)good, &run);
        if (rc != VCDR_OK)
            break;
        n = blocks - good < run.blocks ? blocks - good : run.blocks;
        rc = user_run(disc, &run, n, (uint8_t *)buf + (size_t)good * SECTOR_USER_BYTES, &part);
        good += part;
    }
    if (done)
        *done = good;
    return rc;
}

/* ---- sub-channel ---- */

int vcdr_disc_position(const struct vcdr_disc *disc, int32_t lba, struct vcdr_position *out)
{
    struct run run;
    int rc = find_run(disc, lba, &run);

    if (rc != VCDR_OK)
        return rc;
    *out = (struct vcdr_position){
        .track = (uint8_t)(run.track - disc->tracks + 1),
        .index = lba >= run.track->start_lba,
        .control = run.track->control,
        .relative = lba - run.track->start_lba,
    };
    return VCDR_OK;
}

int vcdr_disc_index(const struct vcdr_disc *disc, unsigned number, unsigned index, int32_t *lba)
{
    if (number < 1 || number > disc->info.tracks || index > 1)
        return VCDR_ENOENT;
    *lba = track_at_const(disc, number)->start_lba - (index == 0 ? CD_PREGAP_BLOCKS : 0);
    return VCDR_OK;
}

/* One block in 50 each, and never the first one of an index, so that its place can be found. */
enum { CODE_PERIOD = 50, MCN_AT = 20, ISRC_AT = 45 };

static void make_q(const struct vcdr_disc *disc, int32_t lba, const struct vcdr_position *position,
                   uint8_t q[12])
{
    const char *isrc = track_at_const(disc, position->track)->isrc;
    uint32_t at = (uint32_t)(lba + CD_PREGAP_BLOCKS) % CODE_PERIOD;

    if (at == MCN_AT && disc->info.mcn[0] != '\0' && position->relative != 0)
        vcdr_sub_q_mcn(q, position->control, disc->info.mcn, lba);
    else if (at == ISRC_AT && isrc[0] != '\0' && position->relative != 0)
        vcdr_sub_q_isrc(q, position->control, isrc, lba);
    else
        vcdr_sub_q_position(q, position->control, position->track, position->index,
                            position->relative, lba);
}

int vcdr_disc_read_q(struct vcdr_disc *disc, int32_t lba, uint8_t q[12])
{
    struct vcdr_position position;
    int rc = vcdr_disc_position(disc, lba, &position);

    if (rc == VCDR_OK)
        make_q(disc, lba, &position, q);
    return rc;
}

int vcdr_disc_read_sub(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                       uint32_t *done)
{
    uint32_t good = 0;
    int rc = VCDR_OK;

    for (uint8_t *to = buf; good < blocks; good++, to += VCDR_SUB_BYTES) {
        struct vcdr_position position;
        uint8_t q[VCDR_Q_BYTES];

        rc = vcdr_disc_position(disc, lba + (int32_t)good, &position);
        if (rc != VCDR_OK)
            break;
        make_q(disc, lba + (int32_t)good, &position, q);
        memset(to, 0, VCDR_SUB_BYTES);
        vcdr_sub_put_pq(to, position.index == 0, q);
    }
    if (done)
        *done = good;
    return rc;
}

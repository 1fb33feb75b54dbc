/* SPDX-License-Identifier: MIT */
/*
 * Reading the sub-channel, and the indexes that it speaks of. P and Q are made from what the disc
 * knows, but for raw sessions, which bring their own; R-W is the host's where it sent some.
 */
#include <string.h>

#include "disc_private.h"

/* ---- positions ---- */

static void position_in(const struct vcdr_disc *disc, const struct run *run, int32_t lba,
                        struct vcdr_position *out)
{
    const struct track *track = run->track;

    *out = (struct vcdr_position){
        .track = (uint8_t)(track - disc->tracks + 1),
        .index = run->stretch ? run->stretch->index : lba >= track->start_lba,
        .control = run->stretch ? run->stretch->control : track->control,
        .relative = lba - track->start_lba,
    };
}

int vcdr_disc_position(const struct vcdr_disc *disc, int32_t lba, struct vcdr_position *out)
{
    struct run run;
    int rc;

    if (disc->kept)
        disc = disc->kept;
    rc = run_find(disc, lba, &run);
    if (rc == VCDR_OK)
        position_in(disc, &run, lba, out);
    return rc;
}

int vcdr_disc_index(const struct vcdr_disc *disc, unsigned number, unsigned index, int32_t *lba)
{
    const struct track *track;

    if (number < 1 || number > disc->info.tracks)
        return VCDR_ENOENT;
    track = track_at_const(disc, number);
    if (!track_at_once(track)) {
        if (index > 1)
            return VCDR_ENOENT;
        *lba = index == 0 ? track_pregap(track) : track->start_lba;
        return VCDR_OK;
    }
    for (unsigned i = 0; i < track->stretches; i++) {
        const struct vcdr_stretch *stretch = &disc->stretches[track->first_stretch + i];

        if (stretch->index == index) {
            *lba = stretch->lba;
            return VCDR_OK;
        }
    }
    return VCDR_ENOENT;
}

/* ---- Q ---- */

/* One block in 50 each, and never the first one of an index, so that its place can be found. */
enum { CODE_PERIOD = 50, MCN_AT = 20, ISRC_AT = 45 };

static bool index_begins(const struct run *run, int32_t lba)
{
    return run->stretch ? lba == run->stretch->lba
                        : lba == run->track->start_lba || lba == track_pregap(run->track);
}

static void make_q(const struct vcdr_disc *disc, const struct run *run, int32_t lba, uint8_t q[12])
{
    uint32_t at = (uint32_t)(lba + CD_PREGAP_BLOCKS) % CODE_PERIOD;
    const char *mcn = disc->info.mcn, *isrc = run->track->isrc;
    struct vcdr_position position;

    position_in(disc, run, lba, &position);
    if (at == MCN_AT && mcn[0] != '\0' && !index_begins(run, lba))
        vcdr_sub_q_mcn(q, position.control, mcn, lba);
    else if (at == ISRC_AT && text_is_isrc(isrc) && !index_begins(run, lba))
        vcdr_sub_q_isrc(q, position.control, isrc, lba);
    else
        vcdr_sub_q_position(q, position.control, position.track, position.index, position.relative,
                            lba);
}

/* ---- R-W in pack form: a block needs the two before it ---- */

static int packed_at(const struct vcdr_disc *disc, int32_t lba, uint8_t packed[VCDR_SUB_BYTES])
{
    struct run run;
    int rc;

    memset(packed, 0, VCDR_SUB_BYTES);
    if (run_find(disc, lba, &run) != VCDR_OK || !run.stored || run.shape.sub != SUB_PACKED)
        return VCDR_OK;
    rc =
        disc->store.ops->read(disc->store.ctx, run.offset + run.shape.main, packed, VCDR_SUB_BYTES);
    vcdr_sub_pack_parity(packed);
    return rc;
}

static int read_packed(const struct vcdr_disc *disc, int32_t lba, uint8_t pw[VCDR_SUB_BYTES])
{
    uint8_t packed[3 * VCDR_SUB_BYTES];
    int rc = VCDR_OK;

    for (int32_t i = 0; rc == VCDR_OK && i < 3; i++)
        rc = packed_at(disc, lba - 2 + i, packed + i * VCDR_SUB_BYTES);
    if (rc == VCDR_OK)
        vcdr_sub_of_packed(packed, pw);
    return rc;
}

/* ---- one block ---- */

static int read_block(const struct vcdr_disc *disc, const struct run *run, int32_t lba,
                      uint8_t pw[VCDR_SUB_BYTES])
{
    uint8_t q[VCDR_Q_BYTES];
    int rc = VCDR_OK;

    memset(pw, 0, VCDR_SUB_BYTES);
    if (run->stored && (run->shape.sub == SUB_RAW || run->shape.sub == SUB_WHOLE))
        rc = disc->store.ops->read(disc->store.ctx, run->offset + run->shape.main, pw,
                                   VCDR_SUB_BYTES);
    else if (run->stored && run->shape.sub == SUB_PACKED)
        rc = read_packed(disc, lba, pw);
    if (rc != VCDR_OK || run->shape.sub == SUB_WHOLE)
        return rc;
    make_q(disc, run, lba, q);
    vcdr_sub_put_pq(pw, lba < run->track->start_lba, q);
    return VCDR_OK;
}

int vcdr_disc_read_sub(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                       uint32_t *done)
{
    uint32_t good = 0;
    int rc = VCDR_OK;

    disc = recorded(disc);
    for (uint8_t *to = buf; good < blocks; good++, to += VCDR_SUB_BYTES) {
        struct run run;

        rc = run_find(disc, lba + (int32_t)good, &run);
        if (rc == VCDR_OK)
            rc = read_block(disc, &run, run.address, to);
        if (rc != VCDR_OK)
            break;
    }
    if (done)
        *done = good;
    return rc;
}

int vcdr_disc_read_q(struct vcdr_disc *disc, int32_t lba, uint8_t q[12])
{
    uint8_t pw[VCDR_SUB_BYTES];
    int rc = vcdr_disc_read_sub(disc, lba, 1, pw, NULL);

    if (rc == VCDR_OK)
        vcdr_sub_get_q(pw, q);
    return rc;
}

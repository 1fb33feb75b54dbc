/* SPDX-License-Identifier: MIT */
/* The model's disc: where tracks lie (docs/disc-format.md), and what a power cut leaves. */
#include "model.h"

bool disc_complete(const struct disc *d)
{
    return d->session[d->sessions].closed; /* and no other session behind it */
}

bool disc_has_invisible(const struct disc *d)
{
    if (disc_complete(d) || d->tracks == TRACKS)
        return false;
    return d->open == 0 || d->track[d->open].was_reserved;
}

static uint32_t user_blocks(const struct track *t)
{
    if (t->was_reserved)
        return t->room;
    return t->stored < SHORTEST ? SHORTEST : t->stored;
}

int32_t disc_next_start(const struct disc *d)
{
    const struct session *s = &d->session[d->sessions];
    const struct track *last = &d->track[d->tracks];

    if (s->first > d->tracks)
        return s->start;
    return last->start + (int32_t)user_blocks(last) + RUN_OUT + PREGAP;
}

uint32_t disc_room_at(const struct disc *d, int32_t lba)
{
    int32_t end = d->last_lead_out - RUN_OUT;

    return lba < end ? (uint32_t)(end - lba) : 0;
}

uint32_t disc_free(const struct disc *d, unsigned number)
{
    const struct track *t = &d->track[number];
    uint32_t room;

    if (number <= d->tracks) {
        if (t->state == COMPLETE)
            return 0;
        return t->was_reserved ? t->room - t->stored
                               : disc_room_at(d, t->start + (int32_t)t->stored);
    }
    room = disc_room_at(d, disc_next_start(d));
    return room < SHORTEST ? 0 : room;
}

unsigned disc_incomplete(const struct disc *d)
{
    if (d->open != 0 && !d->track[d->open].was_reserved)
        return d->open;
    return disc_has_invisible(d) ? d->tracks + 1 : 0;
}

int disc_format(const struct disc *d, unsigned session)
{
    for (unsigned n = d->session[session].first; n <= d->tracks; n++)
        if (d->track[n].session == session && d->track[n].state != RESERVED)
            return d->track[n].format;
    return -1;
}

void disc_end_track(struct disc *d)
{
    struct track *t = &d->track[d->open];

    t->length = user_blocks(t);
    t->state = COMPLETE;
    d->open = 0;
}

/* From index 1 on. Of a complete audio track the run-out is silence, for those who rip up to the
 * next track's start. */
static uint32_t readable_blocks(const struct track *t)
{
    if (t->state != COMPLETE)
        return t->stored;
    return t->type == 0 ? t->length + RUN_OUT : t->length;
}

struct block model_block(const struct model *m, int32_t lba)
{
    static const struct block unreadable = {.kind = UNREADABLE};
    /* what is rehearsed cannot be read */
    const struct disc *d = m->rehearsing ? &m->kept : &m->disc;

    for (unsigned n = 1; n <= d->tracks; n++) {
        const struct track *t = &d->track[n];
        int32_t at = lba - t->start;
        struct block block = {.empty = true};

        if (t->state == RESERVED || at < -PREGAP)
            continue;
        if (at >= (int32_t)readable_blocks(t))
            continue;
        if (at < 0 && t->state != COMPLETE)
            return unreadable;
        block.kind = t->type == 0 ? AUDIO : t->type == 8 ? MODE_1 : FORM_1;
        if (at >= 0 && (uint32_t)at < t->stored) {
            block.empty = false;
            block.tag = m->tags[n].tag[at];
        }
        return block;
    }
    return unreadable;
}

/* docs/disc-format.md, "What a power cut can do": what is complete, closed or reserved stays; an
 * open track goes on from its last flush, and may not have been opened at all before the first. */
unsigned disc_after_cut(const struct disc *d, struct disc out[2])
{
    struct track *t;

    out[0] = *d;
    if (d->open == 0)
        return 1;
    t = &out[0].track[d->open];
    if (t->durable >= 0) {
        t->stored = (uint32_t)t->durable;
        return 1;
    }
    t->stored = 0;
    out[1] = out[0];
    t->durable = 0; /* out[0]: it was opened */
    out[1].open = 0;
    if (t->was_reserved)
        out[1].track[d->open].state = RESERVED;
    else
        out[1].tracks--;
    return 2;
}

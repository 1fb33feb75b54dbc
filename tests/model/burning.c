/* SPDX-License-Identifier: MIT */
/* Track-at-once (MMC-6; vcdr/disc.h where the standard leaves it to the drive). */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static void changed(struct model *m)
{
    if (m->page_owner != NOBODY && !m->rehearsing)
        m->changed = true;
}

void model_rehearsal_over(struct model *m)
{
    if (!m->rehearsing)
        return;
    m->disc = m->kept;
    m->rehearsing = m->writing = false;
}

void ask_write_page(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)a;
    if (memcmp(&m->page, &ask->page, sizeof(m->page)) == 0)
        return;
    m->page = ask->page;
    if (!m->page.test)
        model_rehearsal_over(m);
    attention_tell(m, (int)ask->nexus, ATTENTION_MODE, 0);
}

unsigned block_bytes(uint8_t type)
{
    return type == 0 ? 2352 : 2048;
}

static int32_t next_writable(const struct disc *d, unsigned number)
{
    if (number > d->tracks)
        return disc_next_start(d);
    return d->track[number].start + (int32_t)d->track[number].stored;
}

/* The track that a WRITE to this address goes to, 0 for none. */
static unsigned write_target(const struct disc *d, int32_t lba)
{
    if (d->open != 0)
        return next_writable(d, d->open) == lba ? d->open : 0;
    for (unsigned n = 1; n <= d->tracks; n++)
        if (d->track[n].state == RESERVED && d->track[n].start == lba)
            return n;
    return disc_has_invisible(d) && disc_next_start(d) == lba ? d->tracks + 1 : 0;
}

static void why_no_target(const struct disc *d, struct answer *a)
{
    answer_refuse(a, 0x052102);
    if (d->open != 0)
        return;
    if (!disc_has_invisible(d))
        answer_refuse(a, 0x057205);
    else if (disc_free(d, d->tracks + 1) == 0)
        answer_refuse(a, 0x056300);
}

static void open_track(struct model *m, unsigned number)
{
    struct disc *d = &m->disc;
    struct track *t = &d->track[number];

    if (number > d->tracks) {
        *t = (struct track){.session = d->sessions, .start = disc_next_start(d)};
        d->tracks = number;
    }
    t->state = OPEN;
    t->control = m->page.control;
    t->type = m->page.type;
    t->format = m->page.format;
    t->stored = 0;
    t->durable = -1;
    d->open = number;
    m->tracks_opened++;
}

static void store_tags(struct model *m, unsigned number, uint32_t first, uint32_t blocks)
{
    struct tags *tags = &m->tags[number];
    struct track *t = &m->disc.track[number];

    if (t->stored + blocks > tags->room) {
        tags->room = (t->stored + blocks) * 2;
        tags->tag = realloc(tags->tag, tags->room * sizeof(*tags->tag));
        if (!tags->tag)
            abort();
    }
    for (uint32_t i = 0; i < blocks; i++)
        tags->tag[t->stored + i] = first + i;
    t->stored += blocks;
}

void ask_write(struct model *m, const struct ask *ask, struct answer *a)
{
    struct disc *d = &m->disc;
    unsigned number;

    if (ask->blocks == 0)
        return;
    if (disc_complete(d)) {
        answer_refuse(a, 0x053005);
        answer_refuse(a, 0x056400);
        return;
    }
    number = write_target(d, ask->lba);
    if (number == 0) {
        why_no_target(d, a);
    } else {
        int format = disc_format(d, d->sessions);

        if (ask->blocks > disc_free(d, number))
            answer_refuse(a, 0x056300);
        if (d->open != 0 && d->track[number].type != m->page.type)
            answer_refuse(a, 0x056400);
        if (d->open == 0 && format >= 0 && format != m->page.format)
            answer_refuse(a, 0x056400);
    }
    if (ask->short_data || block_bytes(ask->block_type) != block_bytes(m->page.type))
        answer_refuse(a, 0x052400);
    if (a->reasons > 0)
        return;
    if (d->open == 0)
        open_track(m, number);
    store_tags(m, number, ask->tag, ask->blocks);
    m->blocks_written += m->rehearsing ? 0 : ask->blocks;
    m->writing = true;
    changed(m);
}

static void end_track(struct model *m)
{
    if (m->disc.open == 0)
        return;
    disc_end_track(&m->disc);
    m->writing = false;
    m->tracks_closed++;
    changed(m);
}

static void close_reserved(struct model *m, unsigned number)
{
    struct disc *d = &m->disc;
    struct track *t = &d->track[number];
    int format = disc_format(d, t->session);

    /* vcdr/disc.h: blocks of zeros, of the kind of the complete track before it in its session */
    t->control = 4;
    t->type = 8;
    t->format = (uint8_t)(format < 0 ? 0 : format);
    if (number > d->session[t->session].first && d->track[number - 1].state == COMPLETE) {
        t->control = d->track[number - 1].control;
        t->type = d->track[number - 1].type;
    }
    t->state = COMPLETE;
    t->length = t->room;
    m->tracks_closed++;
    changed(m);
}

void ask_close_track(struct model *m, const struct ask *ask, struct answer *a)
{
    struct disc *d = &m->disc;
    unsigned number = ask->number == 0xFF ? disc_incomplete(d) : ask->number;

    if (number == 0 || number > d->tracks + disc_has_invisible(d)) {
        answer_refuse(a, 0x052400);
        return;
    }
    if (number > d->tracks || d->track[number].state == COMPLETE)
        return;
    if (d->track[number].state == OPEN)
        end_track(m);
    else if (d->open != 0)
        answer_refuse(a, 0x052C00);
    else
        close_reserved(m, number);
}

static void close_session(struct model *m)
{
    struct disc *d = &m->disc;
    struct session *s = &d->session[d->sessions];
    const struct track *last = &d->track[d->tracks];
    int32_t lead_out = last->start + (int32_t)last->length + RUN_OUT;

    s->closed = true;
    s->next = m->page.multi == 3;
    s->lead_out = lead_out;
    m->sessions_closed++;
    changed(m);
    if (!s->next)
        return;
    d->sessions++;
    d->session[d->sessions] = (struct session){
        .first = d->tracks + 1,
        .lead_in = lead_out + (d->sessions == 2 ? 6750 : 2250),
        .start = lead_out + (d->sessions == 2 ? 11400 : 6900),
    };
}

void ask_synchronize(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)ask;
    (void)a;
    end_track(m);
}

void ask_close_wrong(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)m;
    (void)ask;
    answer_refuse(a, 0x052400);
}

void ask_close_session(struct model *m, const struct ask *ask, struct answer *a)
{
    struct disc *d = &m->disc;

    (void)ask;
    if (disc_complete(d) || d->session[d->sessions].first > d->tracks)
        return;
    for (unsigned n = d->session[d->sessions].first; n <= d->tracks; n++)
        if (d->track[n].state == RESERVED) {
            answer_refuse(a, 0x057204);
            return;
        }
    end_track(m);
    close_session(m);
    model_rehearsal_over(m); /* the next program finds the disc as it is */
}

void ask_reserve_track(struct model *m, const struct ask *ask, struct answer *a)
{
    struct disc *d = &m->disc;

    if (ask->number < SHORTEST)
        answer_refuse(a, 0x052400);
    if (disc_complete(d)) {
        answer_refuse(a, 0x053005);
        answer_refuse(a, 0x056400);
    } else if (d->open != 0) {
        answer_refuse(a, 0x052C00);
    } else if (!disc_has_invisible(d)) {
        answer_refuse(a, 0x057205);
    } else if (ask->number > disc_free(d, d->tracks + 1)) {
        answer_refuse(a, 0x056300);
    }
    if (a->reasons > 0)
        return;
    d->track[d->tracks + 1] = (struct track){
        .state = RESERVED,
        .session = d->sessions,
        .was_reserved = true,
        .start = disc_next_start(d),
        .room = ask->number,
    };
    d->tracks++;
    changed(m);
}

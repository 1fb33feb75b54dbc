/* SPDX-License-Identifier: MIT */
/* Answers of many bytes, each with a mask of what is demanded. */
#include <string.h>

#include "parts.h"

void answer_refuse(struct answer *a, uint32_t reason)
{
    for (unsigned i = 0; i < a->reasons; i++)
        if (a->reason[i] == reason)
            return;
    a->reason[a->reasons++] = reason;
}

static void put_byte(struct answer *a, uint8_t value, uint8_t mask)
{
    a->in[a->len] = value;
    a->mask[a->len] = mask;
    a->len++;
}

void answer_put(struct answer *a, unsigned bytes, uint64_t value)
{
    while (bytes-- > 0)
        put_byte(a, (uint8_t)(value >> 8 * bytes), 0xFF);
}

void answer_any(struct answer *a, unsigned bytes)
{
    while (bytes-- > 0)
        put_byte(a, 0, 0);
}

/* `len` bytes, NUL behind the text. */
void answer_text(struct answer *a, const char *text, size_t len)
{
    size_t used = text != NULL ? strlen(text) : 0;

    for (size_t i = 0; i < len; i++)
        put_byte(a, i < used ? (uint8_t)text[i] : 0, 0xFF);
}

/* 00 M S F; addresses before 00:00:00 count from 100:00:00 (MMC-6, LBA to MSF). */
static void put_msf(struct answer *a, int32_t lba)
{
    uint32_t frames = (uint32_t)(lba >= -150 ? lba + 150 : lba + 450150);

    answer_put(a, 1, 0);
    answer_put(a, 1, frames / 4500);
    answer_put(a, 1, frames / 75 % 60);
    answer_put(a, 1, frames % 75);
}

void ask_disc_information(struct model *m, const struct ask *ask, struct answer *a)
{
    const struct disc *d = &m->disc;
    const struct session *s = &d->session[d->sessions];
    bool full = disc_complete(d), empty = s->first > d->tracks;
    unsigned incomplete = disc_incomplete(d), last = incomplete != 0 ? incomplete : d->tracks;
    int format = disc_format(d, 1);

    (void)ask;
    answer_put(a, 2, 0x20);
    if (full)
        answer_put(a, 1, 0x0E);
    else if (empty)
        answer_put(a, 1, d->sessions == 1 ? 0x00 : 0x01);
    else
        answer_put(a, 1, 0x05);
    answer_put(a, 1, 1);
    answer_put(a, 1, d->sessions);
    if (empty && d->tracks == TRACKS) { /* there is no track 100 */
        answer_any(a, 2);
    } else {
        answer_put(a, 1, s->first);
        answer_put(a, 1, last);
    }
    answer_put(a, 1, 0);
    if (format >= 0)
        answer_put(a, 1, (unsigned)format);
    else if (d->tracks == 0)
        answer_put(a, 1, 0xFF);
    else
        answer_any(a, 1);
    answer_put(a, 3, 0); /* the high bytes */
    answer_put(a, 4, 0);
    if (full) {
        answer_put(a, 8, UINT64_MAX);
    } else {
        put_msf(a, s->lead_in);
        put_msf(a, d->last_lead_out);
    }
    answer_put(a, 8, 0);
    answer_put(a, 2, 0);
}

/* The track that holds this address, its pre-gap and run-out included; 0 for none. */
static unsigned track_at(const struct disc *d, int32_t lba)
{
    if (lba >= d->last_lead_out)
        return 0;
    for (unsigned n = 1; n <= d->tracks; n++) {
        const struct track *t = &d->track[n];
        int32_t end = d->last_lead_out;

        if (t->state == COMPLETE)
            end = t->start + (int32_t)t->length + RUN_OUT;
        else if (t->was_reserved)
            end = t->start + (int32_t)t->room + RUN_OUT;
        if (lba >= t->start - PREGAP && lba < end)
            return n;
    }
    if (disc_has_invisible(d) && lba >= disc_next_start(d) - PREGAP)
        return d->tracks + 1;
    return 0;
}

static unsigned asked_track(const struct disc *d, const struct ask *ask)
{
    unsigned last = d->tracks + disc_has_invisible(d), first;

    switch (ask->by) {
    case 0:
        return track_at(d, ask->lba);
    case 1:
        if (ask->number == 0xFF)
            return disc_incomplete(d);
        return ask->number <= last ? ask->number : 0;
    default:
        if (ask->number < 1 || ask->number > d->sessions)
            return 0;
        first = d->session[ask->number].first;
        return first <= last ? first : 0;
    }
}

static void put_complete_track(const struct track *t, struct answer *a)
{
    answer_put(a, 1, t->control);
    answer_put(a, 1, t->type == 10 ? 2 : 1); /* data mode; 1 for audio as on real drives */
    answer_put(a, 1, 0x02);                  /* LRA_V */
    answer_put(a, 4, (uint32_t)t->start);
    answer_put(a, 8, 0); /* no next writable address, nothing free */
    answer_put(a, 4, 0);
    answer_put(a, 4, t->length + RUN_OUT);
    answer_put(a, 4, (uint32_t)t->start + t->length - 1);
}

static void put_writable_track(const struct model *m, unsigned number, struct answer *a)
{
    const struct disc *d = &m->disc;
    const struct track *t = number <= d->tracks ? &d->track[number] : NULL;
    bool open = t != NULL && t->state == OPEN, reserved = t != NULL && t->was_reserved;
    int32_t start = t != NULL ? t->start : disc_next_start(d);
    uint32_t stored = t != NULL ? t->stored : 0, room = disc_free(d, number);

    put_byte(a, open ? t->control : 0, open ? 0xFF : 0x20); /* not damaged */
    put_byte(a,
             (uint8_t)((reserved ? 0x80 : 0) | (open ? 0 : 0x40) | (open && t->type == 10) << 1 |
                       (open && t->type != 10)),
             open ? 0xFF : 0xF0);
    answer_put(a, 1, room > 0 ? 0x01 : 0x00); /* NWA_V */
    answer_put(a, 4, (uint32_t)start);
    answer_put(a, 4, room > 0 ? (uint32_t)start + stored : 0);
    answer_put(a, 4, room);
    answer_put(a, 4, 0); /* no packets */
    if (reserved)
        answer_put(a, 4, t->room);
    else
        answer_put(a, 4, stored + room);
    answer_put(a, 4, 0);
}

void ask_track_information(struct model *m, const struct ask *ask, struct answer *a)
{
    const struct disc *d = &m->disc;
    unsigned number = asked_track(d, ask);
    unsigned session;

    if (number == 0) {
        answer_refuse(a, ask->by == 0 ? 0x052100 : 0x052400);
        return;
    }
    session = number <= d->tracks ? d->track[number].session : d->sessions;
    answer_put(a, 2, 0x22);
    answer_put(a, 1, number);
    answer_put(a, 1, session);
    answer_put(a, 1, 0);
    if (number <= d->tracks && d->track[number].state == COMPLETE)
        put_complete_track(&d->track[number], a);
    else
        put_writable_track(m, number, a);
    answer_put(a, 4, 0);
}

static void put_toc_entry(struct answer *a, unsigned number, uint8_t control, int32_t lba)
{
    answer_put(a, 1, 0);
    answer_put(a, 1, 0x10u | control);
    answer_put(a, 1, number);
    answer_put(a, 1, 0);
    answer_put(a, 4, (uint32_t)lba);
}

/* Formats 0 and 1, of the complete sessions. */
void ask_toc(struct model *m, const struct ask *ask, struct answer *a)
{
    const struct disc *d = &m->disc;
    unsigned closed = d->sessions - !d->session[d->sessions].closed;
    unsigned last = closed == d->sessions ? d->tracks : d->session[d->sessions].first - 1;

    if (closed == 0) {
        answer_refuse(a, 0x052400);
        return;
    }
    if (ask->number == 1) {
        unsigned first = d->session[closed].first;

        answer_put(a, 2, 10);
        answer_put(a, 1, 1);
        answer_put(a, 1, closed);
        put_toc_entry(a, first, d->track[first].control, d->track[first].start);
        return;
    }
    answer_put(a, 2, 2 + 8 * (last + 1));
    answer_put(a, 1, 1);
    answer_put(a, 1, last);
    for (unsigned n = 1; n <= last; n++)
        put_toc_entry(a, n, d->track[n].control, d->track[n].start);
    put_toc_entry(a, 0xAA, d->track[last].control, d->session[closed].lead_out);
    a->mask[a->len - 7] = 0xF0; /* which control nibble a lead-out has is not laid down */
}

static void put_parameter(struct answer *a, unsigned code, unsigned bytes, uint64_t value)
{
    answer_put(a, 2, code);
    answer_put(a, 1, 3);
    answer_put(a, 1, bytes);
    answer_put(a, bytes, value);
}

static void put_name(struct answer *a, unsigned code, const char *name)
{
    answer_put(a, 2, code);
    answer_put(a, 1, 3);
    answer_put(a, 1, NAME_ROOM);
    answer_text(a, name, NAME_ROOM);
}

void ask_log(struct model *m, const struct ask *ask, struct answer *a)
{
    const struct disc *d = &m->disc;
    unsigned number = d->open != 0 ? d->open : disc_incomplete(d);
    int32_t next = -1;

    (void)ask;
    if (m->tray_open || (d->open == 0 && disc_free(d, number) == 0))
        number = 0; /* nothing can be written */
    if (number != 0 && disc_free(d, number) > 0)
        next = number > d->tracks ? disc_next_start(d)
                                  : d->track[number].start + (int32_t)d->track[number].stored;
    answer_put(a, 2, 0x3900);
    answer_put(a, 2, 3 * 12 + 3 * 8 + 68 * (1 + m->history_len));
    put_parameter(a, 0, 8,
                  (uint64_t)m->writing << 56 | UINT64_C(1) << 48 | (uint64_t)number << 32 |
                      (uint32_t)next);
    put_parameter(a, 1, 8, m->blocks_written);
    put_parameter(a, 2, 8, m->since_power_on_us);
    put_parameter(a, 3, 4, m->granted);
    put_parameter(a, 4, 4, m->refused);
    put_parameter(a, 5, 4, m->lost);
    put_name(a, 0x10, model_owner(m));
    for (unsigned i = 0; i < m->history_len; i++)
        put_name(a, 0x11 + i, m->history[i]);
}

void ask_owner(struct model *m, const struct ask *ask, struct answer *a)
{
    int holder = model_holder(m);

    answer_put(a, 2, 78);
    answer_any(a, 1); /* medium type */
    answer_put(a, 5, 0);
    answer_put(a, 2, 0x3946);
    answer_put(a, 1, 0);
    answer_put(a, 1, m->page_flags);
    answer_put(a, 1, holder != NOBODY);
    answer_put(a, 1,
               (unsigned)(holder == (int)ask->nexus) |
                   (unsigned)(holder != NOBODY && m->page_owner == NOBODY) << 1);
    answer_put(a, 2, 0);
    answer_text(a, model_owner(m), NAME_ROOM);
}

void ask_capacity(struct model *m, const struct ask *ask, struct answer *a)
{
    const struct disc *d = &m->disc;
    unsigned closed = d->sessions - !d->session[d->sessions].closed;

    (void)ask;
    answer_put(a, 4, closed == 0 ? 0 : (uint32_t)d->session[closed].lead_out - RUN_OUT - 1);
    answer_put(a, 4, 2048);
}

void ask_read(struct model *m, const struct ask *ask, struct answer *a)
{
    bool cd = ask->kind == ASK_READ_CD, audio = false, data = false;

    for (uint32_t i = 0; i < ask->blocks; i++) {
        struct block block = model_block(m, ask->lba + (int32_t)i);

        if (block.kind == UNREADABLE || (!cd && (block.kind == AUDIO || ask->lba < 0))) {
            answer_refuse(a, 0x052100);
            answer_refuse(a, 0x056400);
            answer_refuse(a, 0x031105);
            return;
        }
        if (block.kind == AUDIO)
            audio = true;
        else
            data = true;
    }
    if (audio && data)
        answer_refuse(a, 0x056400);
    else
        a->blocks = true;
}

/* SPDX-License-Identifier: MIT */
/* The commands: who may, what is refused and why, and what they do. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

/* ---- attentions and events ---- */

static void raise_attention(struct nexus *n, uint32_t what)
{
    unsigned i = 0;

    while (n->attention[i] != 0) {
        if (n->attention[i] == what)
            return;
        i++;
    }
    if (what == ATTENTION_RESET) { /* told before all others */
        memmove(n->attention + 1, n->attention, i * sizeof(n->attention[0]));
        i = 0;
    }
    n->attention[i] = what;
}

static uint32_t take_attention(struct nexus *n)
{
    uint32_t first = n->attention[0];

    memmove(n->attention, n->attention + 1, sizeof(n->attention) - sizeof(n->attention[0]));
    n->attention[7] = 0;
    return first;
}

void attention_tell(struct model *m, int but, uint32_t attention, uint8_t event)
{
    for (int i = 0; i < NEXUSES; i++) {
        if (i == but)
            continue;
        if (attention != 0)
            raise_attention(&m->nexus[i], attention);
        if (event != 0)
            m->nexus[i].media_event = event;
    }
}

void attention_tell_one(struct model *m, unsigned nexus, uint32_t attention)
{
    raise_attention(&m->nexus[nexus], attention);
}

/* ---- the tray ---- */

static void ask_eject(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)ask;
    if (m->tray_open)
        return;
    for (int i = 0; i < NEXUSES; i++)
        if (m->nexus[i].prevents)
            answer_refuse(a, 0x055302);
    if (m->writing) { /* one that a reset has left open does not keep it */
        answer_refuse(a, 0x052C00);
        answer_refuse(a, 0x020408);
    }
    if (a->reasons > 0)
        return;
    model_rehearsal_over(m);
    m->tray_open = true;
    m->changed = m->page_owner != NOBODY;
    attention_tell(m, NOBODY, 0, EVENT_REMOVAL);
}

static void ask_load(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)ask;
    (void)a;
    if (!m->tray_open)
        return;
    m->tray_open = false;
    m->changed = m->page_owner != NOBODY;
    attention_tell(m, NOBODY, ATTENTION_MEDIUM, EVENT_NEW);
}

static void ask_event(struct model *m, const struct ask *ask, struct answer *a)
{
    struct nexus *n = &m->nexus[ask->nexus];

    answer_put(a, 2, 6);
    answer_put(a, 1, 4); /* class media, NEA 0 */
    answer_any(a, 1);
    answer_put(a, 1, n->media_event);
    answer_put(a, 1, m->tray_open ? 1 : 2);
    answer_put(a, 2, 0);
    n->media_event = 0;
}

static void ask_sense(struct model *m, const struct ask *ask, struct answer *a)
{
    uint32_t sense = take_attention(&m->nexus[ask->nexus]);

    answer_put(a, 2, 0x7000);
    answer_put(a, 1, sense >> 16);
    answer_any(a, 4);
    answer_put(a, 1, 0x0A);
    answer_any(a, 4);
    answer_put(a, 2, sense & 0xFFFF);
    answer_any(a, 4);
}

/* The header alone is asked for: length, and the current profile, CD-R or none. */
static void ask_configuration(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)ask;
    answer_any(a, 4);
    answer_put(a, 2, 0);
    answer_put(a, 2, m->tray_open ? 0 : 9);
}

/* ---- one command ---- */

static void ask_nothing(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)m;
    (void)ask;
    (void)a;
}

static void ask_unknown(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)m;
    (void)ask;
    answer_refuse(a, 0x052000);
}

static void ask_prevent(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)a;
    m->nexus[ask->nexus].prevents = ask->kind == ASK_PREVENT;
}

/* `strangers`: answered while another nexus holds the drive (docs/wire-extension.md); `keeps`: a
 * unit attention stays pending (MMC-6); `medium`: 02/3A without one; `records`: with
 * Test Write a rehearsal; `under`: what a persistent
 * reservation of another leaves of it. */
static const struct {
    bool strangers, keeps, medium, records;
    enum under under;
    void (*answer)(struct model *m, const struct ask *ask, struct answer *a);
} rules[ASK_KINDS] = {
    [ASK_TEST_UNIT_READY] = {false, false, true, false, UNDER_ANY, ask_nothing},
    [ASK_REQUEST_SENSE] = {true, true, false, false, UNDER_ANY, ask_sense},
    [ASK_UNKNOWN] = {true, true, false, false, UNDER_ANY, ask_unknown},
    [ASK_CONFIGURATION] = {true, true, false, false, UNDER_ANY, ask_configuration},
    [ASK_MEDIA_EVENT] = {true, true, false, false, UNDER_ANY, ask_event},
    [ASK_LOG] = {true, false, false, false, UNDER_ANY, ask_log},
    [ASK_OWNER] = {true, false, false, false, UNDER_ANY, ask_owner},
    [ASK_LOCK] = {false, false, false, false, UNDER_NONE, ask_lock},
    [ASK_UNLOCK] = {false, false, false, false, UNDER_NONE, ask_unlock},
    [ASK_PAGE_UNCHANGED] = {false, false, false, false, UNDER_NONE, ask_nothing},
    [ASK_PAGE_WRONG] = {false, false, false, false, UNDER_NONE, ask_page_wrong},
    [ASK_RESERVE] = {false, false, false, false, UNDER_NONE, ask_reserve},
    [ASK_RELEASE] = {true, false, false, false, UNDER_ANY, ask_release},
    [ASK_PREVENT] = {false, false, false, false, UNDER_NONE, ask_prevent},
    [ASK_ALLOW] = {true, false, false, false, UNDER_ANY, ask_prevent},
    [ASK_EJECT] = {false, false, false, false, UNDER_NONE, ask_eject},
    [ASK_LOAD] = {false, false, false, false, UNDER_NONE, ask_load},
    [ASK_WRITE_PAGE] = {false, false, false, false, UNDER_NONE, ask_write_page},
    [ASK_WRITE] = {false, false, true, true, UNDER_NONE, ask_write},
    [ASK_SYNCHRONIZE] = {false, false, true, true, UNDER_NONE, ask_synchronize},
    [ASK_CLOSE_TRACK] = {false, false, true, true, UNDER_NONE, ask_close_track},
    [ASK_CLOSE_SESSION] = {false, false, true, true, UNDER_NONE, ask_close_session},
    [ASK_CLOSE_WRONG] = {false, false, true, true, UNDER_NONE, ask_close_wrong},
    [ASK_RESERVE_TRACK] = {false, false, true, true, UNDER_NONE, ask_reserve_track},
    [ASK_DISC_INFORMATION] = {false, false, true, false, UNDER_WRITE_EXCLUSIVE,
                              ask_disc_information},
    [ASK_TRACK_INFORMATION] = {false, false, true, false, UNDER_WRITE_EXCLUSIVE,
                               ask_track_information},
    [ASK_TOC] = {false, false, true, false, UNDER_WRITE_EXCLUSIVE, ask_toc},
    [ASK_CAPACITY] = {false, false, true, false, UNDER_ANY, ask_capacity},
    [ASK_READ] = {false, false, true, false, UNDER_WRITE_EXCLUSIVE, ask_read},
    [ASK_READ_CD] = {false, false, true, false, UNDER_WRITE_EXCLUSIVE, ask_read},
    [ASK_PERSIST] = {false, false, false, false, UNDER_ANY, ask_persist},
    [ASK_PERSIST_KEYS] = {false, false, false, false, UNDER_ANY, ask_persist_keys},
    [ASK_PERSIST_RESERVATION] = {false, false, false, false, UNDER_ANY, ask_persist_reservation},
};

static bool stranger(const struct model *m, const struct ask *ask)
{
    int holder = model_holder(m);

    return holder != NOBODY && holder != (int)ask->nexus;
}

/* In the documented order: the lock, what is reserved, a unit attention, the medium. */
void model_ask(struct model *m, const struct ask *ask, struct answer *a)
{
    a->status = GOOD;
    a->reasons = 0;
    a->len = 0;
    a->blocks = false;
    if ((stranger(m, ask) && !rules[ask->kind].strangers) ||
        persist_keeps_out(m, ask->nexus, rules[ask->kind].under)) {
        a->status = CONFLICT;
        m->refused += ask->kind == ASK_LOCK || ask->kind == ASK_RESERVE;
    } else if (!rules[ask->kind].keeps && m->nexus[ask->nexus].attention[0] != 0) {
        answer_refuse(a, take_attention(&m->nexus[ask->nexus]));
    } else if (rules[ask->kind].medium && m->tray_open) {
        answer_refuse(a, 0x023A02);
        if (ask->kind == ASK_CLOSE_WRONG) /* which of the two is not laid down */
            answer_refuse(a, 0x052400);
    } else {
        if (rules[ask->kind].records && m->page.test && !m->rehearsing &&
            !(ask->kind == ASK_RESERVE_TRACK && m->writing)) { /* refused before that */
            m->kept = m->disc;
            m->rehearsing = true;
        }
        rules[ask->kind].answer(m, ask, a);
    }
    if (a->reasons > 0) {
        a->status = CHECK;
        a->len = 0;
    }
}

/* ---- what happens without a command ---- */

static void log_in(struct model *m, unsigned nexus)
{
    struct nexus *n = &m->nexus[nexus];

    memset(n->attention, 0, sizeof(n->attention));
    n->attention[0] = ATTENTION_RESET;
    n->media_event = 0;
    n->prevents = false;
}

void model_nexus_lost(struct model *m, unsigned nexus)
{
    lose_holds(m, (int)nexus);
    persist_nexus_lost(m, nexus);
    log_in(m, nexus);
}

static const struct write_page default_page = {.control = 4, .type = 8};

void model_reset(struct model *m)
{
    attention_tell(m, NOBODY, ATTENTION_RESET, 0);
    lose_holds(m, NOBODY);
    for (unsigned i = 0; i < NEXUSES; i++)
        m->nexus[i].prevents = false;
    m->page = default_page;
    model_rehearsal_over(m);
    m->writing = false;
}

void model_power_on(struct model *m)
{
    m->page_owner = m->reserver = NOBODY;
    persist_forget(m);
    memset(m->page_name, 0, NAME_ROOM);
    m->page_flags = 0;
    m->changed = m->tray_open = m->writing = false;
    memset(m->history, 0, sizeof(m->history));
    m->history_len = 0;
    m->granted = m->refused = m->lost = 0;
    m->page = default_page;
    m->blocks_written = m->since_power_on_us = 0;
    m->tracks_opened = m->tracks_closed = m->sessions_closed = 0;
    for (unsigned i = 0; i < NEXUSES; i++)
        log_in(m, i);
}

void model_init(struct model *m, int32_t last_lead_out, const char *const initiators[NEXUSES])
{
    memset(m, 0, sizeof(*m));
    for (unsigned i = 0; i < NEXUSES; i++)
        show_initiator(m->nexus[i].shown, initiators[i]);
    m->disc.last_lead_out = last_lead_out;
    m->disc.sessions = 1;
    m->disc.session[1] = (struct session){.first = 1, .lead_in = -11634};
    model_power_on(m);
}

void model_free(struct model *m)
{
    for (unsigned i = 0; i <= TRACKS; i++)
        free(m->tags[i].tag);
}

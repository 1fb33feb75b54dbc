/* SPDX-License-Identifier: MIT */
/* Persistent reservations (SPC-3 5.6, docs/wire-extension.md): keys, what is reserved, and for
 * whom. */
#include <string.h>

#include "parts.h"

enum { PREEMPTED = 0x062A03, RELEASED = 0x062A04, UNREGISTERED = 0x062A05 };

static bool write_only(unsigned type)
{
    return type == 1 || type == 5 || type == 7;
}

static bool is_type(unsigned type)
{
    return type == 1 || type == 3 || (type >= 5 && type <= 8);
}

static bool registered(const struct model *m, unsigned nexus)
{
    return m->key[nexus] != 0;
}

static unsigned registrants(const struct model *m)
{
    unsigned n = 0;

    for (unsigned i = 0; i < NEXUSES; i++)
        n += registered(m, i);
    return n;
}

static bool holds(const struct model *m, unsigned nexus)
{
    if (m->reserved_type == 0 || !registered(m, nexus))
        return false;
    return m->reserved_type >= 7 || m->reserved_by == (int)nexus;
}

bool persist_keeps_out(const struct model *m, unsigned nexus, enum under under)
{
    if (m->reserved_type == 0 || under == UNDER_ANY)
        return false;
    if (under == UNDER_WRITE_EXCLUSIVE && write_only(m->reserved_type))
        return false;
    return m->reserved_type >= 5 ? !registered(m, nexus) : m->reserved_by != (int)nexus;
}

static void tell_registrants(struct model *m, unsigned but, uint32_t attention)
{
    for (unsigned i = 0; i < NEXUSES; i++)
        if (i != but && registered(m, i))
            attention_tell_one(m, i, attention);
}

static void release(struct model *m, unsigned by, uint32_t attention)
{
    m->reserved_type = 0;
    m->reserved_by = NOBODY;
    if (attention != 0)
        tell_registrants(m, by, attention);
}

/* What only it held is released. */
static void unregister(struct model *m, unsigned by, unsigned nexus)
{
    bool last = m->reserved_type >= 7 && registrants(m) == 1;

    if (last)
        release(m, by, 0);
    else if (m->reserved_type != 0 && m->reserved_by == (int)nexus)
        release(m, by, m->reserved_type >= 5 ? RELEASED : 0);
    m->key[nexus] = 0;
}

static void forget_order(struct model *m, unsigned nexus)
{
    unsigned to = 0;

    for (unsigned i = 0; i < NEXUSES; i++)
        if (m->key_order[i] != nexus + 1)
            m->key_order[to++] = m->key_order[i];
    while (to < NEXUSES)
        m->key_order[to++] = 0;
}

static void take_key(struct model *m, unsigned nexus, uint32_t key)
{
    if (key == 0 && !registered(m, nexus))
        return;
    m->generation++;
    if (key == 0) {
        unregister(m, nexus, nexus);
        forget_order(m, nexus);
        return;
    }
    for (unsigned i = 0; i < NEXUSES && !registered(m, nexus); i++)
        if (m->key_order[i] == 0) {
            m->key_order[i] = (uint8_t)(nexus + 1);
            break;
        }
    m->key[nexus] = key;
}

static unsigned remove_keys(struct model *m, unsigned by, uint32_t key, int but)
{
    unsigned removed = 0;

    for (unsigned i = 0; i < NEXUSES; i++) {
        if (!registered(m, i) || (int)i == but || (key != 0 && m->key[i] != key))
            continue;
        unregister(m, by, i);
        forget_order(m, i);
        if (i != by)
            attention_tell_one(m, i, UNREGISTERED);
        removed++;
    }
    return removed;
}

static void take_over(struct model *m, const struct ask *ask, struct answer *a, uint32_t key)
{
    bool other = m->reserved_type != ask->number;

    if (!is_type(ask->number)) {
        answer_refuse(a, 0x052400);
        return;
    }
    release(m, ask->nexus, 0);
    remove_keys(m, ask->nexus, key, (int)ask->nexus);
    if (other)
        tell_registrants(m, ask->nexus, RELEASED);
    m->reserved_type = (uint8_t)ask->number;
    m->reserved_by = ask->number >= 7 ? NOBODY : (int)ask->nexus;
    m->generation++;
}

static void preempt(struct model *m, const struct ask *ask, struct answer *a)
{
    bool all = m->reserved_type >= 7;

    if (ask->service_key == 0 && all)
        take_over(m, ask, a, 0);
    else if (ask->service_key == 0)
        answer_refuse(a, 0x052600);
    else if (m->reserved_by != NOBODY && m->key[m->reserved_by] == ask->service_key)
        take_over(m, ask, a, ask->service_key);
    else if (remove_keys(m, ask->nexus, ask->service_key, NOBODY) == 0)
        a->status = CONFLICT;
    else
        m->generation++;
}

static void reserve(struct model *m, const struct ask *ask, struct answer *a)
{
    if (m->reserved_type == 0) {
        m->reserved_type = (uint8_t)ask->number;
        m->reserved_by = ask->number >= 7 ? NOBODY : (int)ask->nexus;
    } else if (!holds(m, ask->nexus) || m->reserved_type != ask->number) {
        a->status = CONFLICT;
    }
}

static void clear(struct model *m, const struct ask *ask)
{
    release(m, ask->nexus, 0);
    tell_registrants(m, ask->nexus, PREEMPTED);
    memset(m->key, 0, sizeof(m->key));
    memset(m->key_order, 0, sizeof(m->key_order));
    m->generation++;
}

/* Service actions of PERSISTENT RESERVE OUT: `by`; type `number`; keys `key`, `service_key`. */
void ask_persist(struct model *m, const struct ask *ask, struct answer *a)
{
    bool own = registered(m, ask->nexus) && m->key[ask->nexus] == ask->key;
    bool newcomer = !registered(m, ask->nexus) && ask->key == 0;

    if (m->reserver != NOBODY) {
        a->status = CONFLICT;
    } else if (ask->by == 6 || (ask->by == 0 && (own || newcomer))) {
        take_key(m, ask->nexus, ask->service_key);
    } else if (ask->by == 1 && !is_type(ask->number)) {
        answer_refuse(a, 0x052400);
    } else if (!own) {
        a->status = CONFLICT;
    } else if (ask->by == 1) {
        reserve(m, ask, a);
    } else if (ask->by == 2 && holds(m, ask->nexus)) {
        if (m->reserved_type != ask->number)
            answer_refuse(a, 0x052604);
        else
            release(m, ask->nexus, m->reserved_type >= 5 ? RELEASED : 0);
    } else if (ask->by == 3) {
        clear(m, ask);
    } else if (ask->by == 4 || ask->by == 5) {
        preempt(m, ask, a);
    }
}

void ask_persist_keys(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)ask;
    if (m->reserver != NOBODY) {
        a->status = CONFLICT;
        return;
    }
    answer_put(a, 4, m->generation);
    answer_put(a, 4, 8 * registrants(m));
    for (unsigned i = 0; i < registrants(m); i++)
        answer_put(a, 8, m->key[m->key_order[i] - 1]);
}

void ask_persist_reservation(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)ask;
    if (m->reserver != NOBODY) {
        a->status = CONFLICT;
        return;
    }
    answer_put(a, 4, m->generation);
    answer_put(a, 4, m->reserved_type != 0 ? 16 : 0);
    if (m->reserved_type == 0)
        return;
    answer_put(a, 8, m->reserved_by != NOBODY ? m->key[m->reserved_by] : 0);
    answer_any(a, 4);
    answer_put(a, 1, 0);
    answer_put(a, 1, m->reserved_type);
    answer_any(a, 2);
}

bool persist_answers_reserve(struct model *m, struct answer *a)
{
    if (registrants(m) == 0)
        return false;
    if (m->reserved_type == 0)
        a->status = CONFLICT;
    return true;
}

/* The first nexus has no port that could come back; the others may have one. */
void persist_nexus_lost(struct model *m, unsigned nexus)
{
    if ((nexus != 0 && m->ports) || !registered(m, nexus))
        return;
    unregister(m, nexus, nexus);
    forget_order(m, nexus);
}

void persist_forget(struct model *m)
{
    m->reserved_type = 0;
    m->reserved_by = NOBODY;
    m->generation = 0;
    memset(m->key, 0, sizeof(m->key));
    memset(m->key_order, 0, sizeof(m->key_order));
}

/* SPDX-License-Identifier: MIT */
/* Who holds the drive, and what ends that (docs/wire-extension.md). */
#include <string.h>

#include "parts.h"

/* ---- the lock ---- */

int model_holder(const struct model *m)
{
    return m->page_owner != NOBODY ? m->page_owner : m->reserver;
}

const char *model_owner(const struct model *m)
{
    if (m->page_owner != NOBODY)
        return m->page_name;
    return m->reserver != NOBODY ? m->nexus[m->reserver].shown : NULL;
}

static void remember(struct model *m, const char *name)
{
    memmove(m->history[1], m->history[0], sizeof(m->history) - sizeof(m->history[0]));
    memset(m->history[0], 0, NAME_ROOM);
    strcpy(m->history[0], name);
    if (m->history_len < HISTORY)
        m->history_len++;
}

static void end_page_lock(struct model *m, bool quietly)
{
    int owner = m->page_owner;

    remember(m, m->page_name);
    m->page_owner = NOBODY;
    memset(m->page_name, 0, NAME_ROOM);
    m->page_flags = 0;
    if (m->changed && !quietly)
        attention_tell(m, owner, ATTENTION_MEDIUM, m->tray_open ? EVENT_REMOVAL : EVENT_NEW);
    m->changed = false;
}

static void end_reservation(struct model *m)
{
    remember(m, m->nexus[m->reserver].shown);
    m->reserver = NOBODY;
}

void lose_holds(struct model *m, int nexus)
{
    if (m->page_owner != NOBODY && (nexus == NOBODY || m->page_owner == nexus)) {
        m->lost++;
        end_page_lock(m, false);
    }
    if (m->reserver != NOBODY && (nexus == NOBODY || m->reserver == nexus)) {
        m->lost++;
        end_reservation(m);
    }
}

bool name_allowed(const char *name)
{
    size_t len = strlen(name);

    return len >= 1 && len <= 63 &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                        " .,:;-_") == len;
}

/* What is shown of an initiator that holds the drive by RESERVE. */
void show_initiator(char shown[NAME_ROOM], const char *initiator)
{
    size_t i = 0;

    memset(shown, 0, NAME_ROOM);
    for (; i < 63 && initiator[i] != '\0'; i++)
        shown[i] = name_allowed((char[]){initiator[i], '\0'}) ? initiator[i] : '-';
    if (i == 0)
        shown[0] = '-';
}

/* ---- page 39h, RESERVE, RELEASE ---- */

void ask_page_wrong(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)m;
    (void)ask;
    answer_refuse(a, 0x052600);
}

void ask_lock(struct model *m, const struct ask *ask, struct answer *a)
{
    if (!name_allowed(ask->name)) {
        answer_refuse(a, 0x052600);
    } else if (m->page_owner != NOBODY) {
        m->refused++;
        a->status = CONFLICT;
    } else {
        m->page_owner = (int)ask->nexus;
        strcpy(m->page_name, ask->name);
        m->page_flags = ask->flags;
        m->changed = false;
        m->granted++;
    }
}

void ask_unlock(struct model *m, const struct ask *ask, struct answer *a)
{
    if (m->page_owner == NOBODY)
        answer_refuse(a, 0x052C00);
    else
        end_page_lock(m, ask->flags & 2);
}

void ask_reserve(struct model *m, const struct ask *ask, struct answer *a)
{
    if (m->reserver != NOBODY) /* its own: once more is no more */
        return;
    if (persist_answers_reserve(m, a)) {
        m->refused += a->status == CONFLICT;
        return;
    }
    m->reserver = (int)ask->nexus;
    m->granted++;
}

void ask_release(struct model *m, const struct ask *ask, struct answer *a)
{
    (void)a;
    if (m->reserver == (int)ask->nexus)
        end_reservation(m);
}

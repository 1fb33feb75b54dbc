/* SPDX-License-Identifier: MIT */
/*
 * Who holds the drive: the exclusive access page 39h (docs/wire-extension.md) and RESERVE/RELEASE
 * (SPC-2 7.20, 7.23). Two holds that exclude the same strangers; one nexus may have both, and each
 * ends by its own command, by the loss of its nexus, by a reset or by power-off.
 */
#include "mode.h"

#include <string.h>

enum {
    PAGE_REQUEST = 2,
    PAGE_FLAGS = 3,
    PAGE_LOCK_STATE = 4,
    PAGE_HOLDER = 5,
    PAGE_NAME = 8,
    HOLDER_IS_ASKER = 0x01,
    HOLDER_BY_RESERVE = 0x02,
    RESERVE_EXTENT_OR_THIRD_PARTY = 0x1F, /* RESERVE(6) byte 1; (10) has its bits there as well */
};

static const char name_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789 .,:;-_";

static bool name_character(char ch)
{
    return ch != '\0' && strchr(name_characters, ch) != NULL;
}

bool vcdr_caller_name_valid(const char *name)
{
    size_t n = 0;

    if (name == NULL)
        return false;
    while (n < EXCLUSIVE_NAME_FIELD && name_character(name[n]))
        n++;
    return n > 0 && n < EXCLUSIVE_NAME_FIELD && name[n] == '\0';
}

/* ---- who holds it ---- */

static const struct nexus *holder(const struct exclusive *x)
{
    return x->page_owner != NULL ? x->page_owner : x->reserver;
}

const char *exclusive_owner(const struct vcdr_drive *drive)
{
    const struct exclusive *x = &drive->exclusive;

    if (x->page_owner != NULL)
        return x->name;
    return x->reserver != NULL ? x->reserver_name : NULL;
}

bool exclusive_held_by_other(const struct vcdr_drive *drive, const struct nexus *nexus)
{
    const struct nexus *by = holder(&drive->exclusive);

    return by != NULL && by != nexus;
}

void exclusive_medium_changed(struct vcdr_drive *drive)
{
    if (drive->exclusive.page_owner != NULL && !rehearsing(drive))
        drive->exclusive.medium_changed = true;
}

/* ---- the ends of a hold ---- */

static void remember(struct exclusive *x, const char *name)
{
    memmove(x->history[1], x->history[0], sizeof(x->history) - sizeof(x->history[0]));
    memcpy(x->history[0], name, EXCLUSIVE_NAME_FIELD);
    if (x->history_len < OWNER_HISTORY)
        x->history_len++;
}

/* Ends the page lock; the other nexuses are told when the medium is not what it was. */
static void page_free(struct vcdr_drive *drive, bool tell)
{
    struct exclusive *x = &drive->exclusive;
    const struct nexus *owner = x->page_owner;

    remember(x, x->name);
    x->page_owner = NULL;
    memset(x->name, 0, sizeof(x->name));
    x->flags = 0;
    if (tell && x->medium_changed) {
        attention_raise(drive, owner, SENSE_MEDIUM_MAY_HAVE_CHANGED);
        media_event_raise(drive, owner,
                          medium_sense(drive) == SENSE_NONE ? MEDIA_EVENT_NEW
                                                            : MEDIA_EVENT_REMOVAL);
    }
    x->medium_changed = false;
}

static void reservation_free(struct vcdr_drive *drive)
{
    struct exclusive *x = &drive->exclusive;

    remember(x, x->reserver_name);
    x->reserver = NULL;
    memset(x->reserver_name, 0, sizeof(x->reserver_name));
}

static void lose(struct vcdr_drive *drive, const char *cause)
{
    struct exclusive *x = &drive->exclusive;

    if (x->page_owner != NULL) {
        x->lost++;
        event_exclusive(drive, "exclusive-lost", x->page_owner, x->name, 0, "extension", cause);
        page_free(drive, true);
    }
    if (x->reserver != NULL) {
        x->lost++;
        event_exclusive(drive, "exclusive-lost", x->reserver, x->reserver_name, 0, "reserve",
                        cause);
        reservation_free(drive);
    }
}

/* Strangers are kept out of both holds, so whoever has one has no other's beside it. */
void exclusive_nexus_lost(struct vcdr_drive *drive, const struct nexus *nexus)
{
    if (holder(&drive->exclusive) == nexus)
        lose(drive, "nexus-lost");
}

void exclusive_reset(struct vcdr_drive *drive)
{
    lose(drive, "reset");
}

/* ---- RESERVATION CONFLICT ---- */

/* The page of a lock request in this command, NULL when it asks for none. */
static const uint8_t *lock_request(const struct command *c)
{
    const uint8_t *page = mode_select_peek(c, PAGE_EXCLUSIVE_ACCESS, EXCLUSIVE_PAGE_LENGTH);

    return page != NULL && page[PAGE_REQUEST] == EXCLUSIVE_REQUEST_LOCK ? page : NULL;
}

static const char *name_in(const uint8_t *page)
{
    const char *name = (const char *)page + PAGE_NAME;

    /* The rule looks at no byte beyond the field. */
    return vcdr_caller_name_valid(name) ? name : NULL;
}

void exclusive_denied(const struct command *c)
{
    const uint8_t *request = lock_request(c);

    if (request != NULL || c->cdb[0] == OP_RESERVE_6 || c->cdb[0] == OP_RESERVE_10)
        c->drive->exclusive.refused++;
    if (c->conflict_persistent) {
        event_persistent_denied(c->drive, c->nexus, c->cdb[0]);
        return;
    }
    event_exclusive_denied(c->drive, c->nexus, request != NULL ? name_in(request) : NULL,
                           c->cdb[0]);
}

/* ---- page 39h ---- */

size_t exclusive_page_sense(const struct command *c, unsigned page_control, uint8_t *page)
{
    const struct exclusive *x = &c->drive->exclusive;
    const struct nexus *by = holder(x);

    memset(page, 0, EXCLUSIVE_PAGE_LENGTH);
    page[0] = PAGE_EXCLUSIVE_ACCESS;
    page[1] = EXCLUSIVE_PAGE_LENGTH - 2;
    if (page_control == PAGE_CONTROL_CHANGEABLE) {
        page[PAGE_REQUEST] = 0xFF;
        page[PAGE_FLAGS] = 0xFF;
        memset(page + PAGE_NAME, 0xFF, EXCLUSIVE_NAME_FIELD);
    } else if (page_control == PAGE_CONTROL_CURRENT && by != NULL) {
        page[PAGE_FLAGS] = x->flags;
        page[PAGE_LOCK_STATE] = 1;
        page[PAGE_HOLDER] = (by == c->nexus ? HOLDER_IS_ASKER : 0) |
                            (x->page_owner == NULL ? HOLDER_BY_RESERVE : 0);
        memcpy(page + PAGE_NAME, exclusive_owner(c->drive), EXCLUSIVE_NAME_FIELD);
    }
    return EXCLUSIVE_PAGE_LENGTH;
}

static uint32_t check_lock(struct command *c, const uint8_t *page)
{
    if (name_in(page) == NULL)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    if (c->drive->exclusive.page_owner != NULL) /* the asker's own lock as well: no counting */
        c->conflict = true;
    return SENSE_NONE;
}

uint32_t exclusive_page_check(struct command *c, const uint8_t *page)
{
    uint8_t known = EXCLUSIVE_FLAG_IGNORE_VOLUME | EXCLUSIVE_FLAG_NO_NOTIFICATIONS;

    if ((page[PAGE_FLAGS] & ~known) != 0 || get_be16(page + 6) != 0)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    switch (page[PAGE_REQUEST]) {
    case EXCLUSIVE_REQUEST_NONE:
        return SENSE_NONE;
    case EXCLUSIVE_REQUEST_LOCK:
        return check_lock(c, page);
    case EXCLUSIVE_REQUEST_UNLOCK:
        return c->drive->exclusive.page_owner != NULL ? SENSE_NONE : SENSE_COMMAND_SEQUENCE_ERROR;
    default:
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    }
}

static void page_lock(struct command *c, const uint8_t *page)
{
    struct exclusive *x = &c->drive->exclusive;
    const char *name = name_in(page);

    x->page_owner = c->nexus;
    memset(x->name, 0, sizeof(x->name));
    memcpy(x->name, name, strlen(name)); /* what follows the NUL is nobody's name */
    x->flags = page[PAGE_FLAGS];
    x->medium_changed = false;
    x->granted++;
    event_exclusive(c->drive, "exclusive-lock", c->nexus, x->name, x->flags, "extension", NULL);
}

static void page_unlock(struct command *c, const uint8_t *page)
{
    struct exclusive *x = &c->drive->exclusive;
    uint8_t flags = page[PAGE_FLAGS];

    event_exclusive(c->drive, "exclusive-unlock", c->nexus, x->name, flags, "extension", NULL);
    page_free(c->drive, !(flags & EXCLUSIVE_FLAG_NO_NOTIFICATIONS));
}

void exclusive_page_apply(struct command *c, const uint8_t *page)
{
    if (page[PAGE_REQUEST] == EXCLUSIVE_REQUEST_LOCK)
        page_lock(c, page);
    else if (page[PAGE_REQUEST] == EXCLUSIVE_REQUEST_UNLOCK)
        page_unlock(c, page);
}

/* ---- RESERVE and RELEASE ---- */

/* A reservation has no caller name: the initiator's, in the characters of one. */
static void name_of_initiator(const struct nexus *nexus, char *name)
{
    memset(name, 0, EXCLUSIVE_NAME_FIELD);
    for (size_t i = 0; i + 1 < EXCLUSIVE_NAME_FIELD && nexus->initiator[i] != '\0'; i++)
        name[i] = name_character(nexus->initiator[i]) ? nexus->initiator[i] : '-';
    if (name[0] == '\0') /* held by nobody would look free */
        name[0] = '-';
}

uint32_t reserve(struct command *c)
{
    struct exclusive *x = &c->drive->exclusive;

    if (c->cdb[1] & RESERVE_EXTENT_OR_THIRD_PARTY)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (x->reserver == c->nexus || persistent_answers_reserve(c))
        return SENSE_NONE;
    x->reserver = c->nexus;
    name_of_initiator(c->nexus, x->reserver_name);
    x->granted++;
    event_exclusive(c->drive, "exclusive-lock", c->nexus, x->reserver_name, 0, "reserve", NULL);
    return SENSE_NONE;
}

uint32_t release(struct command *c)
{
    struct exclusive *x = &c->drive->exclusive;

    if (c->cdb[1] & RESERVE_EXTENT_OR_THIRD_PARTY)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (x->reserver != c->nexus)
        return SENSE_NONE;
    event_exclusive(c->drive, "exclusive-unlock", c->nexus, x->reserver_name, 0, "reserve", NULL);
    reservation_free(c->drive);
    return SENSE_NONE;
}

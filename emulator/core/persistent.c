/* SPDX-License-Identifier: MIT */
/*
 * Persistent reservations (SPC-3 5.6): registrations, the reservation, and whom it keeps out. What
 * is registered belongs to an initiator port, not to its nexus, and outlives both the nexus and a
 * reset; it ends with the power (APTPL is not claimed). docs/wire-extension.md says how the
 * reservation stands beside the page lock and RESERVE.
 */
#include "persistent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- types (SPC-3 6.11.3.4) ---- */

enum type_flags { WRITES_ONLY = 1, FOR_REGISTRANTS = 2, HELD_BY_ALL = 4, VALID = 8 };
static const uint8_t types[16] = {
    [PERSISTENT_WRITE_EXCLUSIVE] = VALID | WRITES_ONLY,
    [PERSISTENT_EXCLUSIVE_ACCESS] = VALID,
    [PERSISTENT_WRITE_EXCLUSIVE_REGISTRANTS] = VALID | WRITES_ONLY | FOR_REGISTRANTS,
    [PERSISTENT_EXCLUSIVE_ACCESS_REGISTRANTS] = VALID | FOR_REGISTRANTS,
    [PERSISTENT_WRITE_EXCLUSIVE_ALL] = VALID | WRITES_ONLY | FOR_REGISTRANTS | HELD_BY_ALL,
    [PERSISTENT_EXCLUSIVE_ACCESS_ALL] = VALID | FOR_REGISTRANTS | HELD_BY_ALL,
};

bool persistent_type_valid(uint8_t type)
{
    return types[type & 0x0F] & VALID;
}

bool persistent_type_is_all(uint8_t type)
{
    return types[type & 0x0F] & HELD_BY_ALL;
}

bool persistent_type_is_for_registrants(uint8_t type)
{
    return types[type & 0x0F] & FOR_REGISTRANTS;
}

/* ---- keys ---- */

bool persistent_key_equal(const uint8_t *one, const uint8_t *two)
{
    return memcmp(one, two, PERSISTENT_KEY_BYTES) == 0;
}

static const uint8_t zero_key[PERSISTENT_KEY_BYTES];

bool persistent_key_is_zero(const uint8_t *key)
{
    return persistent_key_equal(key, zero_key);
}

/* ---- registrations ---- */

static bool is_port_of(const struct registration *registration, const struct nexus *nexus)
{
    if (registration->port[0] == '\0')
        return registration->nexus == nexus->id;
    return strcmp(registration->port, nexus->port) == 0 &&
           strcmp(registration->initiator, nexus->initiator) == 0;
}

struct registration *persistent_find(struct vcdr_drive *drive, const struct nexus *nexus)
{
    struct registration *at = drive->persistent.registrations;

    while (at != NULL && !is_port_of(at, nexus))
        at = at->next;
    return at;
}

bool persistent_holds(const struct persistent *p, const struct registration *registration)
{
    if (p->type == 0 || registration == NULL)
        return false;
    return persistent_type_is_all(p->type) || p->holder == registration;
}

/* A unit attention is a nexus': a port without one gets none. */
static void tell(struct vcdr_drive *drive, const struct registration *registration,
                 const struct nexus *by, uint32_t attention)
{
    for (struct nexus *at = drive->nexuses; at != NULL; at = at->next) {
        if (at != by && is_port_of(registration, at))
            attention_queue(at, attention);
    }
}

void persistent_tell(struct vcdr_drive *drive, const struct nexus *by, uint32_t attention)
{
    for (const struct registration *at = drive->persistent.registrations; at != NULL; at = at->next)
        tell(drive, at, by, attention);
}

static struct registration **last_link(struct persistent *p)
{
    struct registration **link = &p->registrations;

    while (*link != NULL)
        link = &(*link)->next;
    return link;
}

uint32_t persistent_register(struct vcdr_drive *drive, const struct nexus *by, const uint8_t *key)
{
    struct persistent *p = &drive->persistent;
    struct registration *registration;

    if (p->registered == REGISTRATIONS_MAX)
        return SENSE_INSUFFICIENT_REGISTRATIONS;
    registration = calloc(1, sizeof(*registration));
    if (registration == NULL)
        return SENSE_INSUFFICIENT_REGISTRATIONS;
    memcpy(registration->initiator, by->initiator, INITIATOR_ROOM);
    memcpy(registration->port, by->port, PORT_ROOM);
    registration->nexus = by->id;
    memcpy(registration->key, key, PERSISTENT_KEY_BYTES);
    *last_link(p) = registration;
    p->registered++;
    event_persistent(drive, "persistent-registered", by, registration->initiator, key, 0, NULL);
    return SENSE_NONE;
}

void persistent_change_key(struct vcdr_drive *drive, const struct nexus *by,
                           struct registration *registration, const uint8_t *key)
{
    memcpy(registration->key, key, PERSISTENT_KEY_BYTES);
    event_persistent(drive, "persistent-registered", by, registration->initiator, key, 0, NULL);
}

static void forget(struct persistent *p, struct registration *registration)
{
    struct registration **link = &p->registrations;

    while (*link != registration)
        link = &(*link)->next;
    *link = registration->next;
    p->registered--;
    free(registration);
}

void persistent_unregister(struct vcdr_drive *drive, const struct nexus *by,
                           struct registration *registration, const char *cause, uint32_t attention)
{
    struct persistent *p = &drive->persistent;
    bool last = persistent_type_is_all(p->type) && p->registered == 1;

    if (last) /* nobody is left to be told */
        persistent_release(drive, by, cause, SENSE_NONE);
    else if (p->type != 0 && p->holder == registration)
        /* SPC-3 5.6.10.3: only registrants only types tell those who lose their access */
        persistent_release(drive, by, cause,
                           persistent_type_is_for_registrants(p->type) ? SENSE_RESERVATIONS_RELEASED
                                                                       : SENSE_NONE);
    if (attention != SENSE_NONE)
        tell(drive, registration, by, attention);
    event_persistent(drive, "persistent-unregistered", by, registration->initiator,
                     registration->key, 0, cause);
    forget(p, registration);
}

/* ---- the reservation ---- */

void persistent_reserve(struct vcdr_drive *drive, const struct nexus *by,
                        struct registration *holder, uint8_t type)
{
    struct persistent *p = &drive->persistent;

    p->type = type;
    p->holder = persistent_type_is_all(type) ? NULL : holder;
    event_persistent(drive, "persistent-reserved", by, holder->initiator, holder->key, type, NULL);
}

void persistent_release(struct vcdr_drive *drive, const struct nexus *by, const char *cause,
                        uint32_t attention)
{
    struct persistent *p = &drive->persistent;
    uint8_t type = p->type;
    const struct registration *holder = p->holder;

    p->type = 0;
    p->holder = NULL;
    event_persistent(drive, "persistent-released", by, holder != NULL ? holder->initiator : NULL,
                     holder != NULL ? holder->key : zero_key, type, cause);
    if (attention != SENSE_NONE)
        persistent_tell(drive, by, attention);
}

/* ---- ends that no command makes ---- */

void persistent_free(struct vcdr_drive *drive)
{
    struct persistent *p = &drive->persistent;

    while (p->registrations != NULL)
        forget(p, p->registrations);
    p->type = 0;
    p->holder = NULL;
}

void persistent_nexus_lost(struct vcdr_drive *drive, const struct nexus *nexus)
{
    struct registration *registration = persistent_find(drive, nexus);

    if (registration != NULL && registration->port[0] == '\0')
        persistent_unregister(drive, nexus, registration, "nexus-lost", SENSE_NONE);
}

/* ---- the gate's question ---- */

bool persistent_conflicts(const struct command *c, const struct row *row)
{
    const struct persistent *p = &c->drive->persistent;
    const struct registration *own;

    if (p->type == 0)
        return false;
    if (row->flags & (types[p->type] & WRITES_ONLY ? ROW_UNDER_WE : ROW_UNDER_EA))
        return false;
    own = persistent_find(c->drive, c->nexus);
    if (own != NULL && (types[p->type] & FOR_REGISTRANTS || p->holder == own))
        return false;
    return !(row->flags & ROW_EXCLUSIVE_ASK) || !row->exempt(c);
}

bool persistent_answers_reserve(struct command *c)
{
    if (c->drive->persistent.registered == 0)
        return false;
    /* the gate has let pass whom the reservation is for: GOOD without effect (CRH) */
    if (c->drive->persistent.type == 0)
        c->conflict = c->conflict_persistent = true;
    return true;
}

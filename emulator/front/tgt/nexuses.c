/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "nexuses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"

#define LOST UINT64_MAX /* instead of tgt's number: the drive is still to be told */

enum { NAME_ROOM = 512, ALIAS_ROOM = 256, ISID_BYTES = 6 };

/* The TransportID that tgt makes: 4 bytes of header, the initiator's name and its NUL, a separator
 * without one, the ISID's six bytes as they are (SPC-3 7.5.4.6 would have them in hex). */
enum { TRANSPORT_ID_NAME = 4 };
static const char separator[] = ",i,0x";

static size_t cookie_of(const struct tgt_nexus_unit *pair)
{
    return (unsigned)pair->prevent >> TGT_PREVENT_BITS;
}

static void set_cookie(struct tgt_nexus_unit *pair, size_t cookie)
{
    unsigned own = (unsigned)pair->prevent & ((1U << TGT_PREVENT_BITS) - 1);

    pair->prevent = (int)((unsigned)cookie << TGT_PREVENT_BITS | own);
}

static struct nexus_slot *slot_of(const struct nexuses *nexuses, const struct tgt_nexus_unit *pair)
{
    size_t cookie = cookie_of(pair);

    if (cookie == 0 || cookie > nexuses->room)
        return NULL;
    if (nexuses->slots[cookie - 1].tgt_id != pair->nexus_id)
        return NULL;
    return &nexuses->slots[cookie - 1];
}

static struct nexus_slot *slot_by_tgt_id(const struct nexuses *nexuses, uint64_t tgt_id)
{
    for (size_t i = 0; i < nexuses->room; i++) {
        if (nexuses->slots[i].tgt_id == tgt_id)
            return &nexuses->slots[i];
    }
    return NULL;
}

/* A free slot, growing the books where there is none; NULL without memory. */
static struct nexus_slot *slot_free(struct nexuses *nexuses)
{
    struct nexus_slot *slots, *found = slot_by_tgt_id(nexuses, 0);
    size_t room = nexuses->room ? nexuses->room * 2 : 8;

    if (found)
        return found;
    slots = realloc(nexuses->slots, room * sizeof(*slots));
    if (!slots)
        return NULL;
    memset(slots + nexuses->room, 0, (room - nexuses->room) * sizeof(*slots));
    found = slots + nexuses->room;
    nexuses->slots = slots;
    nexuses->room = room;
    return found;
}

/* tgt keeps the alias only in a text for people. */
static const char *alias_of(const struct tgt_unit *unit, uint64_t tgt_id, char *buf, size_t size)
{
    static const char before[] = " alias: ";
    const struct tgt_nexus *nexus = it_nexus_lookup(unit->target->tid, tgt_id);
    const char *start = nexus && nexus->info ? strstr(nexus->info, before) : NULL;
    size_t len;

    if (!start)
        return NULL;
    start += sizeof(before) - 1;
    len = strcspn(start, "\n");
    if (len >= size)
        len = size - 1;
    memcpy(buf, start, len);
    buf[len] = '\0';
    return strcmp(buf, "none") == 0 ? NULL : buf;
}

/* Its hex digits; NULL where there is none. */
static const char *isid_of(const char *transport_id, int len, char *hex)
{
    size_t at = TRANSPORT_ID_NAME + strlen(transport_id + TRANSPORT_ID_NAME) + 1;
    const uint8_t *isid;

    if (len < 0 || at + strlen(separator) + ISID_BYTES > (size_t)len ||
        memcmp(transport_id + at, separator, strlen(separator)) != 0)
        return NULL;
    isid = (const uint8_t *)transport_id + at + strlen(separator);
    for (size_t i = 0; i < ISID_BYTES; i++)
        sprintf(hex + 2 * i, "%02x", isid[i]);
    return hex;
}

static void announce(struct nexuses *nexuses, struct tgt_unit *unit, struct tgt_nexus_unit *pair,
                     struct vcdr_target target, struct vcdr_time now)
{
    char name[NAME_ROOM] = "", isid[2 * ISID_BYTES + 1], alias[ALIAS_ROOM];
    int len = 0;
    const struct tgt_driver *driver = tgt_drivers[unit->target->driver];
    struct nexus_slot *slot = slot_free(nexuses);

    if (!slot)
        return;
    if (driver->transport_id)
        len = driver->transport_id(unit->target->tid, pair->nexus_id, name, sizeof(name) - 1);
    if (target.ops->nexus_open(target.ctx, nexuses->ids + 1, name + TRANSPORT_ID_NAME,
                               isid_of(name, len, isid),
                               alias_of(unit, pair->nexus_id, alias, sizeof(alias)), now) != 0)
        return;
    *slot =
        (struct nexus_slot){.tgt_id = pair->nexus_id, .id = ++nexuses->ids, .scan = nexuses->scans};
    nexuses->count++;
    set_cookie(pair, (size_t)(slot - nexuses->slots) + 1);
}

/* Marks every known pair as met; notices what is unknown, and whether a reset came by. */
static size_t meet_known(struct nexuses *nexuses, struct tgt_unit *unit)
{
    size_t met = 0;

    nexuses->unknown = false;
    for (struct tgt_list *at = unit->nexuses.next; at != &unit->nexuses; at = at->next) {
        struct tgt_nexus_unit *pair = LIST_OWNER(at, struct tgt_nexus_unit, unit_link);
        struct nexus_slot *slot = slot_of(nexuses, pair);

        if (!slot && (slot = slot_by_tgt_id(nexuses, pair->nexus_id)) != NULL) {
            set_cookie(pair, (size_t)(slot - nexuses->slots) + 1);
            nexuses->reset = true;
        }
        if (slot) {
            slot->scan = nexuses->scans;
            met++;
        } else {
            nexuses->unknown = true;
        }
    }
    return met;
}

static void find_lost(struct nexuses *nexuses)
{
    for (size_t i = 0; i < nexuses->room; i++) {
        struct nexus_slot *slot = &nexuses->slots[i];

        if (slot->tgt_id == 0 || slot->tgt_id == LOST || slot->scan == nexuses->scans)
            continue;
        slot->tgt_id = LOST;
        nexuses->count--;
        nexuses->lost++;
    }
}

bool nexuses_scan(struct nexuses *nexuses, struct tgt_unit *unit)
{
    nexuses->scans++;
    if (meet_known(nexuses, unit) != nexuses->count)
        find_lost(nexuses);
    return nexuses->lost > 0 || nexuses->reset;
}

void nexuses_tell(struct nexuses *nexuses, struct vcdr_target target, struct vcdr_time now)
{
    for (size_t i = 0; i < nexuses->room && nexuses->lost > 0; i++) {
        struct nexus_slot *slot = &nexuses->slots[i];

        if (slot->tgt_id != LOST)
            continue;
        slot->tgt_id = 0;
        nexuses->lost--;
        target.ops->nexus_close(target.ctx, slot->id, now);
    }
    if (nexuses->reset)
        target.ops->reset(target.ctx, 0, now);
    nexuses->reset = false;
}

void nexuses_announce(struct nexuses *nexuses, struct tgt_unit *unit, struct vcdr_target target,
                      struct vcdr_time now)
{
    for (struct tgt_list *at = unit->nexuses.next; at != &unit->nexuses && nexuses->unknown;
         at = at->next) {
        struct tgt_nexus_unit *pair = LIST_OWNER(at, struct tgt_nexus_unit, unit_link);

        if (!slot_of(nexuses, pair))
            announce(nexuses, unit, pair, target, now);
    }
}

uint64_t nexuses_id(const struct nexuses *nexuses, const struct tgt_nexus_unit *pair)
{
    const struct nexus_slot *slot = slot_of(nexuses, pair);

    return slot ? slot->id : 0;
}

void nexuses_clear(struct nexuses *nexuses)
{
    free(nexuses->slots);
    *nexuses = (struct nexuses){.ids = nexuses->ids};
}

/* SPDX-License-Identifier: MIT */
/*
 * The I_T nexuses and what belongs to each of them: unit attentions, events not yet reported, and
 * PREVENT.
 */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>

struct nexus *nexus_find(struct vcdr_drive *drive, uint64_t id)
{
    struct nexus *nexus = drive->nexuses;

    while (nexus != NULL && nexus->id != id)
        nexus = nexus->next;
    return nexus;
}

int nexus_new(struct vcdr_drive *drive, uint64_t id, const char *initiator, const char *port,
              const char *alias)
{
    struct nexus *nexus = nexus_find(drive, id);

    if (nexus != NULL) /* announced twice: it is the same nexus */
        return VCDR_OK;
    nexus = calloc(1, sizeof(*nexus));
    if (nexus == NULL)
        return VCDR_ENOMEM;
    nexus->id = id;
    snprintf(nexus->initiator, sizeof(nexus->initiator), "%s", initiator != NULL ? initiator : "");
    snprintf(nexus->port, sizeof(nexus->port), "%s", port != NULL ? port : "");
    snprintf(nexus->alias, sizeof(nexus->alias), "%s", alias != NULL ? alias : "");
    nexus->attention[0] = SENSE_POWER_ON_OR_RESET;
    nexus->next = drive->nexuses;
    drive->nexuses = nexus;
    return VCDR_OK;
}

void nexus_free(struct vcdr_drive *drive, struct nexus *nexus)
{
    struct nexus **link = &drive->nexuses;

    while (*link != NULL && *link != nexus)
        link = &(*link)->next;
    if (*link != NULL)
        *link = nexus->next;
    free(nexus);
}

bool medium_removal_prevented(const struct vcdr_drive *drive)
{
    for (const struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next) {
        if (nexus->prevent)
            return true;
    }
    return false;
}

bool medium_removal_asked_for(const struct vcdr_drive *drive)
{
    for (const struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next) {
        if (nexus->persistent_prevent)
            return true;
    }
    return false;
}

bool button_locked(const struct vcdr_drive *drive)
{
    return medium_removal_prevented(drive) || medium_removal_asked_for(drive);
}

/* Fewer kinds are ever raised than there is room for, so the queue cannot overflow while repeats
 * coalesce. */
void attention_queue(struct nexus *nexus, uint32_t sense)
{
    unsigned n = 0;

    while (n < UNIT_ATTENTIONS && nexus->attention[n] != SENSE_NONE) {
        if (nexus->attention[n] == sense)
            return;
        n++;
    }
    if (n == UNIT_ATTENTIONS)
        return;
    if (sense == SENSE_POWER_ON_OR_RESET) {
        for (; n > 0; n--)
            nexus->attention[n] = nexus->attention[n - 1];
    }
    nexus->attention[n] = sense;
}

void attention_raise(struct vcdr_drive *drive, const struct nexus *except, uint32_t sense)
{
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next) {
        if (nexus != except)
            attention_queue(nexus, sense);
    }
}

uint32_t attention_take(struct nexus *nexus)
{
    uint32_t sense = nexus->attention[0];

    for (unsigned i = 0; i + 1 < UNIT_ATTENTIONS; i++)
        nexus->attention[i] = nexus->attention[i + 1];
    nexus->attention[UNIT_ATTENTIONS - 1] = SENSE_NONE;
    return sense;
}

void media_removal_withhold(struct vcdr_drive *drive)
{
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next) {
        if (nexus->media_event == MEDIA_EVENT_REMOVAL) {
            nexus->media_event = 0;
            nexus->removal_withheld = true;
        }
    }
}

void media_removal_release(struct vcdr_drive *drive)
{
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next) {
        if (nexus->removal_withheld)
            nexus->media_event = MEDIA_EVENT_REMOVAL;
        nexus->removal_withheld = false;
    }
}

void media_event_raise(struct vcdr_drive *drive, const struct nexus *except, uint8_t code)
{
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next) {
        if (nexus == except)
            continue;
        /* a wish does not hide what has happened; what has happened makes it out of date */
        nexus->eject_request = code == MEDIA_EVENT_EJECT_REQUEST && nexus->media_event != 0 &&
                               nexus->media_event != code;
        if (nexus->eject_request)
            continue;
        nexus->media_event = code;
        if (code == MEDIA_EVENT_NEW)
            nexus->removal_withheld = false;
    }
}

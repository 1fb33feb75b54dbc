/* SPDX-License-Identifier: MIT */
/*
 * Tray, power and what is told about them: START STOP UNIT, PREVENT ALLOW, MECHANISM STATUS, GET
 * EVENT STATUS NOTIFICATION (MMC-6).
 */
#include "core.h"

/* For GET EVENT STATUS NOTIFICATION, whose readers compare it with TEST UNIT READY: what is there
 * and not yet ready is there. */
static bool medium_present(const struct vcdr_drive *drive)
{
    return drive->disc != NULL && !drive->tray_open;
}

/* ---- what changes, for those who poll ---- */

enum { OPERATIONAL_CHANGED = 2, POWER_CHANGED = 1, BUSY = 1, BUSY_IMMEDIATE = 2 };

void operational_event_raise(struct vcdr_drive *drive)
{
    if (work_later_operational(drive))
        return;
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next)
        nexus->operational_event = OPERATIONAL_CHANGED;
}

void busy_event_raise(struct vcdr_drive *drive)
{
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next)
        nexus->busy_event = BUSY;
}

void medium_became_ready(struct vcdr_drive *drive)
{
    if (work_later_medium_ready(drive))
        return;
    attention_raise(drive, NULL, SENSE_MEDIUM_MAY_HAVE_CHANGED);
    media_event_raise(drive, NULL, MEDIA_EVENT_NEW);
    operational_event_raise(drive);
}

static void power_set(struct vcdr_drive *drive, uint8_t state)
{
    if (drive->power_state == state)
        return;
    drive->power_state = state;
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next)
        nexus->power_event = POWER_CHANGED;
}

void power_wake(struct vcdr_drive *drive)
{
    power_set(drive, POWER_ACTIVE);
}

/* ---- START STOP UNIT ---- */

static uint32_t eject(struct command *c)
{
    struct vcdr_drive *drive = c->drive;

    if (drive->tray_open)
        return SENSE_NONE;
    if (medium_removal_prevented(drive))
        return SENSE_MEDIUM_REMOVAL_PREVENTED;
    if (tray_held(drive))
        return SENSE_COMMAND_SEQUENCE_ERROR;
    tray_open(drive, c->nexus);
    return SENSE_NONE;
}

static uint32_t load(struct command *c)
{
    if (c->drive->tray_open)
        tray_close(c->drive, c->nexus);
    else
        work_waits(c->drive);
    return SENSE_NONE;
}

/* Start: the disc must be there; the tray does not move. Stop: nothing turns here. */
static uint32_t spin(struct command *c, bool start)
{
    uint32_t sense = start ? medium_sense(c->drive) : SENSE_NONE;

    if (sense == SENSE_NOT_READY_BECOMING_READY) { /* it does start */
        work_waits(c->drive);
        return SENSE_NONE;
    }
    if (sense == SENSE_NONE && start)
        power_wake(c->drive);
    return sense;
}

/* Sleep (5) is not offered: a drive that sleeps answers nothing until it is reset. */
static uint32_t set_power(struct command *c, unsigned condition)
{
    static const uint8_t states[] = {[1] = POWER_ACTIVE, [2] = POWER_IDLE, [3] = POWER_STANDBY};

    if (condition >= sizeof(states))
        return SENSE_INVALID_FIELD_IN_CDB;
    power_set(c->drive, states[condition]);
    return SENSE_NONE;
}

uint32_t start_stop_unit(struct command *c)
{
    uint8_t what = c->cdb[4];
    bool start = what & 0x01;

    if (what & 0x04) /* FL: format layers of a hybrid disc */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (work_busy(c->drive) && !work_loading(c->drive)) /* a disc that spins up may be ejected */
        return work_sense(c->drive);
    if (what >> 4 != 0) /* then LoEj and Start mean nothing */
        return set_power(c, what >> 4);
    if (!(what & 0x02)) /* LoEj */
        return spin(c, start);
    return start ? load(c) : eject(c);
}

/* ---- PREVENT ALLOW MEDIUM REMOVAL ---- */

enum { PREVENT = 0x01, PERSISTENT = 0x02 };

bool prevent_allow_exempt(const struct command *c)
{
    return (c->cdb[4] & (PREVENT | PERSISTENT)) == 0;
}

/* Persistent (MMC-6 6.14): the button does nothing but ask, in an event; a host still ejects. The
 * two are apart: neither command touches what the other has set. */
uint32_t prevent_allow(struct command *c)
{
    bool prevent = c->cdb[4] & PREVENT;

    if (c->cdb[4] & PERSISTENT)
        c->nexus->persistent_prevent = prevent;
    else
        c->nexus->prevent = prevent;
    return SENSE_NONE;
}

/* ---- MECHANISM STATUS ---- */

uint32_t mechanism_status(struct command *c)
{
    limit_in(c, get_be16(c->cdb + 8));
    writer_u8(&c->in, 0); /* no fault, no changer, slot 0 */
    /* idle: playing and scanning are the only other states that a drive without a changer has */
    writer_u8(&c->in, c->drive->tray_open ? 0x10 : 0x00); /* door open */
    writer_zero(&c->in, 3);                               /* LBA, of audio play */
    writer_u8(&c->in, 1);                                 /* slots */
    writer_zero(&c->in, 2);                               /* no slot table */
    return SENSE_NONE;
}

/* ---- GET EVENT STATUS NOTIFICATION ---- */

enum { HEADER_BYTES = 4, EVENT_BYTES = 4, NO_EVENT_AVAILABLE = 0x80 };

static uint8_t *operational_pending(struct nexus *nexus)
{
    return &nexus->operational_event;
}

static uint8_t *power_pending(struct nexus *nexus)
{
    return &nexus->power_event;
}

static uint8_t *media_pending(struct nexus *nexus)
{
    return &nexus->media_event;
}

static uint8_t *busy_pending(struct nexus *nexus)
{
    return &nexus->busy_event;
}

static void put_operational(struct command *c, uint8_t code)
{
    writer_u8(&c->in, code);
    /* Persistent Prevented; ready for any command, as far as this class knows */
    writer_u8(&c->in, medium_removal_asked_for(c->drive) ? 0x80 : 0);
    writer_be16(&c->in, code != 0 ? 1 : 0); /* the features have changed */
}

static void put_power(struct command *c, uint8_t code)
{
    writer_u8(&c->in, code);
    writer_u8(&c->in, (uint8_t)(c->drive->power_state + 1)); /* 1 active, 2 idle, 3 standby */
    writer_zero(&c->in, 2);
}

static void put_media(struct command *c, uint8_t code)
{
    const struct vcdr_drive *drive = c->drive;

    writer_u8(&c->in, code);
    /* the status is as it is now, whatever the event; two slots, both 0 */
    writer_u8(&c->in, (uint8_t)(medium_present(drive) << 1 | drive->tray_open));
    writer_zero(&c->in, 2);
}

static void put_busy(struct command *c, uint8_t code)
{
    uint64_t rest = (work_rest_us(c->drive) + 99999) / 100000; /* 100 ms */

    writer_u8(&c->in, code);
    writer_u8(&c->in, work_busy(c->drive) ? BUSY_IMMEDIATE : 0);
    writer_be16(&c->in, (uint16_t)(rest < UINT16_MAX ? rest : UINT16_MAX));
}

/* The classes that this drive has, lowest first. */
static const struct event_class {
    uint8_t number;
    uint8_t *(*pending)(struct nexus *nexus); /* what this nexus has not been told yet, 0 nothing */
    void (*put)(struct command *c, uint8_t code);
    bool timed; /* of a drive that was given time */
} classes[] = {
    {1, operational_pending, put_operational, false},
    {2, power_pending, put_power, false},
    {4, media_pending, put_media, false},
    {6, busy_pending, put_busy, true},
};
enum { CLASSES = sizeof(classes) / sizeof(classes[0]) };

static bool has_class(const struct vcdr_drive *drive, const struct event_class *class)
{
    return !class->timed || drive->timing != VCDR_TIMING_NONE;
}

/* The first requested class that has news, else the first requested one; NULL for none. */
static const struct event_class *choose_class(const struct command *c, uint8_t requested)
{
    const struct event_class *first = NULL;

    for (unsigned i = 0; i < CLASSES; i++) {
        if (!(requested & 1u << classes[i].number) || !has_class(c->drive, &classes[i]))
            continue;
        if (*classes[i].pending(c->nexus) != 0)
            return &classes[i];
        if (first == NULL)
            first = &classes[i];
    }
    return first;
}

static uint8_t supported_classes(const struct vcdr_drive *drive)
{
    uint8_t mask = 0;

    for (unsigned i = 0; i < CLASSES; i++) {
        if (has_class(drive, &classes[i]))
            mask |= (uint8_t)(1u << classes[i].number);
    }
    return mask;
}

static void told(struct nexus *nexus, uint8_t *pending)
{
    *pending = 0;
    if (pending == &nexus->media_event && nexus->eject_request)
        *pending = MEDIA_EVENT_EJECT_REQUEST;
    nexus->eject_request = nexus->eject_request && pending != &nexus->media_event;
}

uint32_t get_event_status(struct command *c)
{
    const struct event_class *chosen;
    uint8_t *pending;

    if (!(c->cdb[1] & 0x01)) /* Polled: the other way was never made */
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, get_be16(c->cdb + 7));
    chosen = choose_class(c, c->cdb[4]);
    writer_be16(&c->in, chosen != NULL ? HEADER_BYTES - 2 + EVENT_BYTES : HEADER_BYTES - 2);
    writer_u8(&c->in, chosen != NULL ? chosen->number : NO_EVENT_AVAILABLE);
    writer_u8(&c->in, supported_classes(c->drive));
    if (chosen == NULL)
        return SENSE_NONE;
    pending = chosen->pending(c->nexus);
    chosen->put(c, *pending);
    if (c->in.room > HEADER_BYTES) /* the code itself was read, so it has been told */
        told(c->nexus, pending);
    return SENSE_NONE;
}

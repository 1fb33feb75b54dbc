/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "connection.h"
#include "held.h"
#include "list.h"
#include "loop.h"
#include "portal.h"
#include "unit_private.h"

enum { DEVICE_TYPE_CD = 0x05, WEED_EVERY_US = 10000 };

static struct unit *units;   /* one thread: tgtd's */
static struct unit *leaving; /* tgt has let them go, their discs are being made durable */
static unsigned units_made;
static char portal[80]; /* "": not known */

/* ---- nexuses and time ---- */

static uint64_t deadline_of(const struct unit *unit)
{
    return unit->drive.machine.target.ops->next_deadline(unit->drive.machine.target.ctx);
}

bool unit_is_due(const struct unit *unit, struct vcdr_time now)
{
    return deadline_of(unit) <= now.us;
}

bool unit_scan(struct unit *unit, struct vcdr_time now)
{
    struct vcdr_target target = unit->drive.machine.target;
    uint64_t known = unit->nexuses.ids;
    bool news = nexuses_scan(&unit->nexuses, unit->tgt);

    if ((news || unit->nexuses.unknown) && unit_is_due(unit, now))
        return true;
    if (news && target.ops->may_wait(target.ctx, NULL))
        return true;
    if (news)
        nexuses_tell(&unit->nexuses, target, now);
    nexuses_announce(&unit->nexuses, unit->tgt, target, now);
    if (unit->nexuses.ids != known)
        portal_nexus_came();
    return false;
}

void unit_tell(struct unit *unit, struct vcdr_time now)
{
    struct vcdr_target target = unit->drive.machine.target;

    target.ops->advance(target.ctx, now);
    nexuses_tell(&unit->nexuses, target, now);
}

/* What is due, and what is told of a nexus lost or a reset, may have to be made durable. */
static bool catch_up_begin(struct errand *errand)
{
    struct unit *unit = LIST_OWNER(errand, struct unit, catch_up);

    unit->catching_up = unit_is_usable(unit);
    return unit->catching_up;
}

static void catch_up_work(struct errand *errand)
{
    unit_tell(LIST_OWNER(errand, struct unit, catch_up), clock_now());
}

/* What was put off for it comes at the next tick. */
static void catch_up_end(struct errand *errand)
{
    struct unit *unit = LIST_OWNER(errand, struct unit, catch_up);

    unit->catching_up = false;
    loop_wake_by(clock_now().us);
}

static void catch_up(struct unit *unit)
{
    if (unit->catching_up)
        return;
    unit->catching_up = true;
    lane_put(&unit->lane, &unit->catch_up);
}

/* When the unit wants to be looked at again. */
static uint64_t tick(struct unit *unit, struct vcdr_time now)
{
    uint64_t next = VCDR_NO_DEADLINE, deadline;

    if (!lane_is_free(&unit->lane))
        return lane_weed(&unit->lane) ? now.us + WEED_EVERY_US : VCDR_NO_DEADLINE;
    if (!unit_is_usable(unit))
        return VCDR_NO_DEADLINE;
    if (unit_is_due(unit, now) || unit_scan(unit, now)) {
        catch_up(unit);
        return now.us + UNIT_SCAN_EVERY_US;
    }
    if (unit->nexuses.count > 0)
        next = now.us + UNIT_SCAN_EVERY_US;
    deadline = deadline_of(unit);
    return deadline < next ? deadline : next;
}

uint64_t units_tick(struct vcdr_time now)
{
    uint64_t wake = held_tick(now);

    for (struct unit *unit = units; unit; unit = unit->next) {
        uint64_t wanted = tick(unit, now);

        if (wanted < wake)
            wake = wanted;
    }
    return wake;
}

/* ---- what is to be seen ---- */

void unit_see(struct unit *unit)
{
    struct vcdr_target target = unit->drive.machine.target;
    struct unit_seen *seen = &unit->seen;
    struct vcdr_look look;

    if (!unit_is_usable(unit) || unit_is_due(unit, clock_now()) ||
        target.ops->look(target.ctx, &look, clock_now()) != VCDR_OK)
        return;
    snprintf(seen->disc, sizeof(seen->disc), "%s", look.disc_name ? look.disc_name : "");
    snprintf(seen->owner, sizeof(seen->owner), "%s", look.owner ? look.owner : "");
    seen->tray_open = look.tray_open;
    seen->has_disc = look.has_disc;
    seen->prevented = look.prevented;
    seen->busy = look.busy;
    seen->write_state = look.write_state;
    seen->progress = look.progress;
}

struct unit *units_first(void)
{
    return units;
}

void units_set_portal(const char *address)
{
    snprintf(portal, sizeof(portal), "%s", address);
}

const char *units_portal(void)
{
    return portal[0] ? portal : NULL;
}

/* ---- power ---- */

static bool power_off_begin(struct errand *errand)
{
    struct unit *unit = LIST_OWNER(errand, struct unit, power_off);

    nexuses_clear(&unit->nexuses);
    if (unit->drive.machine.target.ops)
        return true;
    unit->leaving = false;
    return false;
}

static void power_off_work(struct errand *errand)
{
    power_off_drive(&LIST_OWNER(errand, struct unit, power_off)->drive);
}

static void power_off_end(struct errand *errand)
{
    struct unit *unit = LIST_OWNER(errand, struct unit, power_off);

    power_off_record(&unit->drive);
    unit->leaving = false;
}

static void start_power_off(struct unit *unit)
{
    if (unit->leaving || !unit->drive.machine.target.ops)
        return;
    unit->leaving = true;
    lane_put(&unit->lane, &unit->power_off);
}

void unit_lose_power(struct unit *unit)
{
    struct tgt_list *nexuses = &unit->tgt->nexuses;

    power_off_drive(&unit->drive);
    power_off_record(&unit->drive);
    nexuses_clear(&unit->nexuses);
    unit->powerless = true;
    for (struct tgt_list *at = nexuses->next; at != nexuses; at = at->next)
        connection_cut(unit->tgt->target,
                       LIST_OWNER(at, struct tgt_nexus_unit, unit_link)->nexus_id);
}

/* Those that have no errand left. */
static void free_left(void)
{
    struct unit **link = &leaving;

    while (*link) {
        struct unit *unit = *link;

        if (!lane_is_free(&unit->lane)) {
            link = &unit->next;
            continue;
        }
        *link = unit->next;
        lane_close(&unit->lane);
        free(unit);
    }
}

static void settle_leaving(void)
{
    for (struct unit *unit = leaving; unit; unit = unit->next)
        lane_settle(&unit->lane);
    free_left();
}

int unit_power_on(struct tgt_unit *tgt, const struct power_settings *settings, const char **thing)
{
    struct unit *unit = tgt->private_data;
    int error;

    *thing = "drive";
    if (unit->drive.machine.target.ops)
        return VCDR_EBUSY;
    error = power_on(settings, &unit->drive, thing);
    if (error == VCDR_EBUSY &&
        leaving) { /* the disc may be that of a drive that was just deleted */
        settle_leaving();
        error = power_on(settings, &unit->drive, thing);
    }
    if (error)
        return error;
    snprintf(unit->seen.serial, sizeof(unit->seen.serial), "%s",
             settings->serial ? settings->serial : MACHINE_SERIAL);
    unit_see(unit);
    return 0;
}

bool unit_is_on(const struct tgt_unit *tgt)
{
    const struct unit *unit = tgt->private_data;

    return unit->drive.machine.target.ops != NULL;
}

void unit_power_off(struct tgt_unit *tgt)
{
    start_power_off(tgt->private_data);
}

/* All at once, so that a slow store makes no other drive's wait longer. */
void units_power_off(void)
{
    for (struct unit *unit = units; unit; unit = unit->next)
        start_power_off(unit);
    for (struct unit *unit = units; unit; unit = unit->next)
        lane_close(&unit->lane);
    settle_leaving();
}

/* ---- life ---- */

int unit_attach(struct tgt_unit *tgt)
{
    struct unit *unit = calloc(1, sizeof(*unit)), **link = &units;

    if (!unit)
        return VCDR_ENOMEM;
    unit->tgt = tgt;
    unit->number = ++units_made;
    unit->power_off =
        (struct errand){.begin = power_off_begin, .work = power_off_work, .end = power_off_end};
    unit->catch_up =
        (struct errand){.begin = catch_up_begin, .work = catch_up_work, .end = catch_up_end};
    lane_init(&unit->lane, loop_bell());
    while (*link)
        link = &(*link)->next;
    *link = unit;
    tgt->private_data = unit;
    command_attach(tgt);
    tgt->device_type = DEVICE_TYPE_CD;
    tgt->removable = 1;
    tgt->online = 1;
    return 0;
}

/* tgt deletes no unit with commands in flight, so none waits in the lane. */
void unit_detach(struct tgt_unit *tgt)
{
    struct unit *unit = tgt->private_data, **link = &units;

    start_power_off(unit);
    while (*link != unit)
        link = &(*link)->next;
    *link = unit->next;
    tgt->private_data = NULL;
    unit->tgt = NULL;
    unit->next = leaving;
    leaving = unit;
    free_left();
}

void units_turn(void)
{
    for (struct unit *unit = units; unit; unit = unit->next)
        lane_turn(&unit->lane);
    for (struct unit *unit = leaving; unit; unit = unit->next)
        lane_turn(&unit->lane);
    free_left();
    loop_wake_by(clock_now().us); /* nexuses lost and times passed meanwhile */
}

void units_each(void (*visit)(struct tgt_unit *tgt))
{
    for (struct unit *unit = units; unit; unit = unit->next)
        visit(unit->tgt);
}

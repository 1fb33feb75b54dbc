/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The inside of a unit, shared by unit.c (its life) and command.c (its commands). */
#ifndef VCDR_FRONT_TGT_UNIT_PRIVATE_H
#define VCDR_FRONT_TGT_UNIT_PRIVATE_H

#include "lane.h"
#include "nexuses.h"
#include "unit.h"

/* What was last seen of a drive, for those who ask while its lane is at work. */
struct unit_seen {
    char serial[17];
    char disc[4096]; /* "": none, or unnamed */
    char owner[64];  /* "": nobody */
    bool tray_open, has_disc, prevented, busy;
    uint8_t write_state;
    int progress;
};

/* `drive` and what is behind it belong to the lane: the loop touches them only while the lane is
 * free, or from within an errand's `begin` and `end`. The rest is the loop's. */
struct unit {
    struct unit *next;
    struct tgt_unit *tgt; /* NULL: tgt has let it go */
    unsigned number;      /* from 1, in the order in which they were made */
    struct powered drive;
    bool powerless; /* its power has failed: from then on there is no such unit */
    bool leaving;   /* it is being powered off: nothing more is begun */
    struct nexuses nexuses;
    struct lane lane;
    struct errand power_off, catch_up;
    bool catching_up; /* that errand is under way */
    struct unit_seen seen;
};

/* There is a drive, and something may be begun with it. */
static inline bool unit_is_usable(const struct unit *unit)
{
    return unit->drive.machine.target.ops && !unit->leaving;
}

/* Looks at the drive, whose lane is free or has come to the caller's errand. */
void unit_see(struct unit *unit);

/* All that tgt has, the first made first. */
struct unit *units_first(void);
/* "host:port", NULL while it is not known. */
const char *units_portal(void);

/* Compares the nexuses with tgt's and tells the drive. True: what there is to tell may wait for the
 * store; it is to be told (unit_tell) by the lane's thread, and this called again. */
bool unit_scan(struct unit *unit, struct vcdr_time now);
void unit_tell(struct unit *unit, struct vcdr_time now);
/* Something is due, which may wait for the store: it happens at the next call on the target. */
bool unit_is_due(const struct unit *unit, struct vcdr_time now);

/* A command has found the drive without power (VCDR_POWERLESS): its initiators see their
 * connections end. */
void unit_lose_power(struct unit *unit);

/* A lost nexus shall be noticed within a second, with nobody sending a command. */
enum { UNIT_SCAN_EVERY_US = 400000 };

/* command.c: tgt hands the commands of this unit to us from now on. */
void command_attach(struct tgt_unit *tgt);

#endif

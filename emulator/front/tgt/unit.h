/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A drive as a logical unit of tgt: carries each SCSI command from tgt's structures to the drive
 * and its answer back, and tells the drive of its nexuses. It knows no MMC. What may wait for a
 * disc's store is done by a thread of the unit, so that tgtd's loop and the other drives go on.
 */
#ifndef VCDR_FRONT_TGT_UNIT_H
#define VCDR_FRONT_TGT_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "power.h"
#include "tgt_facts.h"

struct unit; /* hangs at tgt_unit.private_data */

/* Takes over tgt's unit: commands come to us, it is a CD drive. 0 or VCDR_ENOMEM. */
int unit_attach(struct tgt_unit *tgt);

/* Powers the unit's drive on; VCDR_EBUSY when it is on already. *thing as power_on. */
int unit_power_on(struct tgt_unit *tgt, const struct power_settings *settings, const char **thing);
bool unit_is_on(const struct tgt_unit *tgt);

/* Powers the drive off, cleanly; commands are answered BUSY from then on. The disc is made durable,
 * and free for others, when its lane comes to that. */
void unit_power_off(struct tgt_unit *tgt);

/* Powers off likewise and lets tgt's unit go. */
void unit_detach(struct tgt_unit *tgt);

/* All units: notices lost nexuses, serves deadlines. Returns when (CLOCK_MONOTONIC, microseconds)
 * it wants to be called again at the latest, VCDR_NO_DEADLINE for not before the next command. */
uint64_t units_tick(struct vcdr_time now);
/* A thread has done its work. */
void units_turn(void);
/* Powers all off, and waits for it. */
void units_power_off(void);
/* Where initiators find the drives, "host:port". */
void units_set_portal(const char *address);
/* `visit` may not attach or detach. */
void units_each(void (*visit)(struct tgt_unit *tgt));

#endif

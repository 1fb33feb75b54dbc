/* SPDX-License-Identifier: MIT */
/*
 * The tray and the disc in it: what opens and closes it, by command or by hand, and who is told.
 * A disc on an open tray is still the drive's; only a hand takes it away.
 */
#include "core.h"

#include <stdlib.h>
#include <string.h>

/* From the closed tray until the disc can be read. */
enum { SPIN_UP_US = 2000000 };

/* ---- the tray moves ---- */

void tray_open(struct vcdr_drive *drive, const struct nexus *nexus)
{
    bool known = medium_sense(drive) == SENSE_NONE; /* not one that still spins up */

    rehearsal_end(drive, nexus);
    at_once_free(drive); /* a cue sheet is for the disc that was in */
    work_forget(drive);
    drive->tray_open = true;
    if (!known) {
        media_removal_release(drive);
        return;
    }
    exclusive_medium_changed(drive);
    media_event_raise(drive, NULL, MEDIA_EVENT_REMOVAL);
    operational_event_raise(drive);
    event_medium(drive, "medium-ejected", nexus);
}

void tray_close(struct vcdr_drive *drive, const struct nexus *nexus)
{
    drive->tray_open = false;
    if (drive->disc == NULL)
        return;
    power_wake(drive);
    speed_reset(drive); /* another disc may be fit for other speeds */
    exclusive_medium_changed(drive);
    media_removal_withhold(drive);
    work_takes(drive, SENSE_NOT_READY_BECOMING_READY, SPIN_UP_US);
    medium_became_ready(drive);
    event_medium(drive, "medium-loaded", nexus);
}

bool tray_held(const struct vcdr_drive *drive)
{
    if (work_busy(drive))
        return !work_loading(drive);
    return drive->write_state != WRITE_STATE_IDLE || at_once_begun(drive);
}

/* ---- hands ---- */

/* The button of a closed tray. Whoever locked it is asked to let the disc go. */
static int open_by_button(struct vcdr_drive *drive)
{
    if (button_locked(drive) || tray_held(drive)) {
        media_event_raise(drive, NULL, MEDIA_EVENT_EJECT_REQUEST);
        return VCDR_ELOCKED;
    }
    tray_open(drive, NULL);
    return VCDR_OK;
}

static int insert(struct vcdr_drive *drive, struct vcdr_disc *disc, const char *name)
{
    char *copy = NULL;
    int error = VCDR_OK;

    if (drive->disc != NULL)
        return VCDR_ESTATE;
    if (name != NULL) {
        copy = strdup(name);
        if (copy == NULL)
            return VCDR_ENOMEM;
    }
    if (!drive->tray_open)
        error = open_by_button(drive);
    if (error != VCDR_OK) {
        free(copy);
        return error;
    }
    drive->disc = disc;
    drive->disc_name = copy;
    tray_close(drive, NULL);
    return VCDR_OK;
}

static int take_away(struct vcdr_drive *drive)
{
    struct vcdr_disc *disc = drive->disc;
    int error = VCDR_OK;

    if (disc == NULL)
        return VCDR_ESTATE;
    if (!drive->tray_open)
        error = open_by_button(drive);
    if (error != VCDR_OK)
        return error;
    drive->disc = NULL;
    free(drive->disc_name);
    drive->disc_name = NULL;
    return vcdr_disc_close(disc) == VCDR_OK ? VCDR_OK : VCDR_EIO;
}

/* What is written and not durable is kept, too; what is only rehearsed is on no disc. */
static int keep(struct vcdr_drive *drive)
{
    if (drive->disc == NULL)
        return VCDR_ESTATE;
    if (tray_held(drive))
        return VCDR_ELOCKED;
    return vcdr_disc_snapshot(drive->disc);
}

/* The disc becomes another one, which its hosts see as the tray going out and in. */
static int exchange(struct vcdr_drive *drive, int (*change)(struct vcdr_disc *disc))
{
    bool closed = !drive->tray_open;
    int error = VCDR_OK;

    if (drive->disc == NULL)
        return VCDR_ESTATE;
    if (change == vcdr_disc_restore && !vcdr_disc_info(drive->disc)->snapshot)
        return VCDR_ENOENT;
    if (closed)
        error = open_by_button(drive);
    if (error != VCDR_OK)
        return error;
    error = change(drive->disc);
    if (closed)
        tray_close(drive, NULL);
    return error;
}

int tray_hand(struct vcdr_drive *drive, enum vcdr_hand what, struct vcdr_disc *disc,
              const char *name)
{
    switch (what) {
    case VCDR_HAND_INSERT:
        return insert(drive, disc, name);
    case VCDR_HAND_REMOVE:
        return take_away(drive);
    case VCDR_HAND_BUTTON:
        if (!drive->tray_open)
            return open_by_button(drive);
        tray_close(drive, NULL);
        return VCDR_OK;
    case VCDR_HAND_SNAPSHOT:
        return keep(drive);
    case VCDR_HAND_RESTORE:
        return exchange(drive, vcdr_disc_restore);
    case VCDR_HAND_RESET:
        return exchange(drive, vcdr_disc_reset);
    }
    return VCDR_EINVAL;
}

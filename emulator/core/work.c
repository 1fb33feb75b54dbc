/* SPDX-License-Identifier: MIT */
/*
 * Time: what the drive is still at after a command has been accepted. A command does to the disc
 * what it does when it comes; what takes time is until that is told: the write states and lines of
 * the record, the events for those who poll, and that the drive is not ready meanwhile. All of it
 * rests while nothing takes time (vcdr/drive.h, enum vcdr_timing).
 */
#include "core.h"

#include <stdlib.h>
#include <string.h>

enum step_kind { STEP_LINE, STEP_WRITE_STATE, STEP_OPERATIONAL, STEP_MEDIUM_READY };

/* What happens later. */
struct step {
    struct step *next;
    uint64_t at_us;
    enum step_kind kind;
    uint8_t write_state; /* of STEP_WRITE_STATE */
    const char *name;    /* of the record's line, static; NULL: none */
    char members[];
};

/* ---- while a command is served ---- */

void work_takes(struct vcdr_drive *drive, uint32_t sense, uint64_t us)
{
    if (drive->timing == VCDR_TIMING_NONE || us == 0)
        return;
    drive->work.ahead_us += us;
    drive->work.sense = sense;
}

uint64_t work_blocks_us(const struct vcdr_drive *drive, uint64_t blocks)
{
    return blocks * CD_RAW_BLOCK_BYTES * 1000 / drive->write_kbs; /* kB/s are bytes a ms */
}

void work_waits(struct vcdr_drive *drive)
{
    if (work_busy(drive))
        drive->work.ahead_us = drive->work.until_us - drive->now.us;
}

uint64_t work_begin(struct vcdr_drive *drive)
{
    struct work *work = &drive->work;
    uint64_t us = work->ahead_us;

    if (us == 0)
        return 0;
    work->ahead_us = 0;
    if (!work_busy(drive)) {
        work->from_us = drive->now.us;
        busy_event_raise(drive);
    }
    if (work->until_us < drive->now.us + us)
        work->until_us = drive->now.us + us;
    return us;
}

static void happen(struct vcdr_drive *drive, struct step *step)
{
    if (step->name != NULL)
        event_emit(drive, step->name, step->members);
    switch (step->kind) {
    case STEP_LINE:
        break;
    case STEP_WRITE_STATE:
        drive->shown_write_state = step->write_state;
        break;
    case STEP_OPERATIONAL:
        operational_event_raise(drive);
        break;
    case STEP_MEDIUM_READY:
        medium_became_ready(drive);
        break;
    }
}

static void take_step(struct vcdr_drive *drive)
{
    struct step *step = drive->work.steps;

    drive->work.steps = step->next;
    happen(drive, step);
    free(step);
}

/* All that was to be told later is told now. */
static void take_all_steps(struct vcdr_drive *drive)
{
    uint64_t ahead_us = drive->work.ahead_us;

    drive->work.ahead_us = 0;
    while (drive->work.steps != NULL)
        take_step(drive);
    drive->work.ahead_us = ahead_us;
}

/* Something of this command happens as far ahead as the command has come by now; false when that
 * is not later than now, or cannot be remembered: better early than never, and in order. */
static bool later(struct vcdr_drive *drive, enum step_kind kind, uint8_t write_state,
                  const char *name, const char *members)
{
    size_t room = name != NULL ? strlen(members) + 1 : 0;
    struct step *step, **link = &drive->work.steps;

    if (drive->work.ahead_us == 0)
        return false;
    step = malloc(sizeof(*step) + room);
    if (step == NULL) {
        take_all_steps(drive);
        return false;
    }
    *step = (struct step){
        .at_us = drive->now.us + drive->work.ahead_us,
        .kind = kind,
        .write_state = write_state,
        .name = name,
    };
    if (name != NULL)
        memcpy(step->members, members, room);
    while (*link != NULL && (*link)->at_us <= step->at_us)
        link = &(*link)->next;
    step->next = *link;
    *link = step;
    return true;
}

bool work_later_line(struct vcdr_drive *drive, const char *name, const char *members)
{
    return later(drive, STEP_LINE, 0, name, members);
}

bool work_later_write_state(struct vcdr_drive *drive, uint8_t state, const char *name,
                            const char *members)
{
    return later(drive, STEP_WRITE_STATE, state, name, members);
}

bool work_later_operational(struct vcdr_drive *drive)
{
    return later(drive, STEP_OPERATIONAL, 0, NULL, NULL);
}

bool work_later_medium_ready(struct vcdr_drive *drive)
{
    return later(drive, STEP_MEDIUM_READY, 0, NULL, NULL);
}

/* ---- as time passes ---- */

bool work_busy(const struct vcdr_drive *drive)
{
    return drive->work.until_us != 0;
}

bool work_loading(const struct vcdr_drive *drive)
{
    return work_busy(drive) && drive->work.sense == SENSE_NOT_READY_BECOMING_READY;
}

uint32_t work_sense(const struct vcdr_drive *drive)
{
    return work_busy(drive) ? drive->work.sense : SENSE_NONE;
}

uint64_t work_rest_us(const struct vcdr_drive *drive)
{
    return work_busy(drive) ? drive->work.until_us - drive->now.us : 0;
}

uint16_t work_progress(const struct vcdr_drive *drive)
{
    const struct work *work = &drive->work;

    if (!work_busy(drive))
        return 0;
    return (uint16_t)((drive->now.us - work->from_us) * UINT16_MAX /
                      (work->until_us - work->from_us));
}

static void idle(struct work *work)
{
    work->sense = SENSE_NONE;
    work->from_us = work->until_us = 0;
}

/* The next thing to come to pass, VCDR_NO_DEADLINE for nothing. */
uint64_t work_deadline(const struct vcdr_drive *drive)
{
    uint64_t us = buffer_deadline(drive);

    if (drive->work.steps != NULL && drive->work.steps->at_us < us)
        us = drive->work.steps->at_us;
    if (work_busy(drive) && drive->work.until_us < us)
        us = drive->work.until_us;
    return us;
}

/* Each thing happens at its own time, however late anybody looks. */
void work_advance(struct vcdr_drive *drive, struct vcdr_time now)
{
    if (drive->timing == VCDR_TIMING_NONE) { /* nothing is ever due */
        drive->now = now;
        return;
    }
    for (uint64_t us = work_deadline(drive); us <= now.us; us = work_deadline(drive)) {
        if (us < drive->now.us) /* BUFE was taken away when it was too late */
            us = drive->now.us;
        drive->now.us = us;
        drive->now.wall_us = now.wall_us - (int64_t)(now.us - us);
        if (drive->work.steps != NULL && drive->work.steps->at_us <= us)
            take_step(drive);
        else if (work_busy(drive) && drive->work.until_us <= us)
            idle(&drive->work);
        else
            buffer_ran_empty(drive);
    }
    drive->now = now;
}

void work_hurry(struct vcdr_drive *drive)
{
    take_all_steps(drive);
    idle(&drive->work);
}

void work_forget(struct vcdr_drive *drive)
{
    while (drive->work.steps != NULL) {
        struct step *step = drive->work.steps;

        drive->work.steps = step->next;
        free(step);
    }
    idle(&drive->work);
}

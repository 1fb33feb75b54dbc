/* SPDX-License-Identifier: MIT */
/* The drive as a target: power on and off, nexuses, reset. */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t medium_sense(const struct vcdr_drive *drive)
{
    if (drive->tray_open)
        return SENSE_NO_MEDIUM_TRAY_OPEN;
    if (drive->disc == NULL)
        return SENSE_NO_MEDIUM_TRAY_CLOSED;
    return work_loading(drive) ? SENSE_NOT_READY_BECOMING_READY : SENSE_NONE;
}

/* What power-on and reset have in common. */
static void set_defaults(struct vcdr_drive *drive)
{
    speed_reset(drive);
    buffer_clear(drive);
    drive->power_state = POWER_ACTIVE;
    mode_reset(drive);
}

static int drive_nexus_open(void *ctx, uint64_t id, const char *initiator, const char *port,
                            const char *alias, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;

    work_advance(drive, now);
    return nexus_new(drive, id, initiator, port, alias);
}

static void drive_nexus_close(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;
    struct nexus *nexus = nexus_find(drive, id);

    work_advance(drive, now);
    if (nexus == NULL)
        return;
    packet_writer_lost(drive, nexus);
    at_once_writer_lost(drive, nexus);
    exclusive_nexus_lost(drive, nexus);
    persistent_nexus_lost(drive, nexus);
    if (nexus->opened)
        event_nexus(drive, "nexus-close", nexus);
    nexus_free(drive, nexus);
}

void write_stopped(struct vcdr_drive *drive, const struct nexus *nexus)
{
    struct vcdr_track track = {.number = 0};
    int32_t lba = 0;
    unsigned open = drive->disc != NULL ? vcdr_disc_info(drive->disc)->open_track : 0;

    if (open != 0) {
        (void)vcdr_disc_track(drive->disc, open, &track);
        (void)vcdr_disc_next_writable(drive->disc, open, &lba);
    }
    write_state_set(drive, nexus, WRITE_STATE_IDLE, track.number, lba, track.written);
}

/* LOGICAL UNIT RESET (SAM-3 6.3.3) */
static void drive_reset(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;

    work_advance(drive, now);
    work_hurry(drive); /* what was done to the disc is told now */
    if (drive->disc != NULL)
        (void)vcdr_disc_end_packet(drive->disc);
    write_stopped(drive, nexus_find(drive, id));
    rehearsal_end(drive, nexus_find(drive, id));
    at_once_give_up(drive);
    attention_raise(drive, NULL, SENSE_POWER_ON_OR_RESET);
    exclusive_reset(drive);
    for (struct nexus *nexus = drive->nexuses; nexus != NULL; nexus = nexus->next)
        nexus->prevent = nexus->persistent_prevent = false;
    set_defaults(drive);
    power_wake(drive);
}

static void drive_execute(void *ctx, struct vcdr_command *command, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;

    work_advance(drive, now);
    gate_execute(drive, command);
}

static int drive_hand(void *ctx, enum vcdr_hand what, struct vcdr_disc *disc, const char *name,
                      struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;
    int error;

    work_advance(drive, now);
    error = tray_hand(drive, what, disc, name);
    (void)work_begin(drive);
    return error;
}

static int drive_look(void *ctx, struct vcdr_look *out, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;

    work_advance(drive, now);
    *out = (struct vcdr_look){
        .tray_open = drive->tray_open,
        .has_disc = drive->disc != NULL,
        .disc_name = drive->disc_name,
        .prevented = button_locked(drive),
        .owner = exclusive_owner(drive),
        .write_state = drive->shown_write_state,
        .busy = work_busy(drive),
        .progress = work_progress(drive),
    };
    return VCDR_OK;
}

static bool drive_may_wait(void *ctx, const struct vcdr_command *command)
{
    return gate_may_wait(ctx, command);
}

static uint64_t drive_next_deadline(void *ctx)
{
    return work_deadline(ctx);
}

static void drive_advance(void *ctx, struct vcdr_time now)
{
    work_advance(ctx, now);
}

static void drive_free(struct vcdr_drive *drive)
{
    at_once_free(drive);
    persistent_free(drive);
    work_forget(drive);
    while (drive->nexuses != NULL)
        nexus_free(drive, drive->nexuses);
    free(drive->disc_name);
    free(drive);
}

static void drive_power_off(void *ctx, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;

    work_advance(drive, now);
    work_hurry(drive);
    at_once_give_up(drive);
    event_power_off(drive, vcdr_disc_close(drive->disc) == VCDR_OK);
    drive_free(drive);
}

static void drive_power_cut(void *ctx, struct vcdr_time now)
{
    struct vcdr_drive *drive = ctx;

    work_advance(drive, now);
    work_hurry(drive); /* what was done to the disc is on it */
    if (drive->disc != NULL)
        vcdr_disc_abandon(drive->disc);
    event_power_off(drive, false);
    drive_free(drive);
}

static const struct vcdr_target_ops drive_ops = {
    .nexus_open = drive_nexus_open,
    .nexus_close = drive_nexus_close,
    .reset = drive_reset,
    .execute = drive_execute,
    .may_wait = drive_may_wait,
    .hand = drive_hand,
    .look = drive_look,
    .next_deadline = drive_next_deadline,
    .advance = drive_advance,
    .power_off = drive_power_off,
    .power_cut = drive_power_cut,
};

/* Copies an identity string; printable ASCII (SPC-3 4.4.1) of min to max characters. */
static int take_text(char *to, const char *from, const char *otherwise, size_t min, size_t max)
{
    size_t len;

    if (from == NULL)
        from = otherwise;
    len = strlen(from);
    if (len < min || len > max)
        return VCDR_EINVAL;
    for (size_t i = 0; i < len; i++) {
        if (from[i] < 0x20 || from[i] > 0x7E)
            return VCDR_EINVAL;
    }
    memcpy(to, from, len + 1);
    return VCDR_OK;
}

static int take_identity(struct vcdr_drive *drive, const struct vcdr_drive_config *config)
{
    char version[sizeof(drive->revision)];
    int err;

    snprintf(version, sizeof(version), "%.4s", VCDR_VERSION);
    if (version[strlen(version) - 1] == '.') /* 0.1.0 is cut to 0.1 */
        version[strlen(version) - 1] = '\0';
    err = take_text(drive->vendor, config->vendor, "VCDR", 1, 8);
    if (err == VCDR_OK)
        err = take_text(drive->product, config->product, "CD-R RECORDER", 1, 16);
    if (err == VCDR_OK)
        err = take_text(drive->revision, config->revision, version, 1, 4);
    if (err == VCDR_OK)
        err = take_text(drive->serial, config->serial, "VCDR00000001", 1, 16);
    return err;
}

int vcdr_timing_parse(const char *text, enum vcdr_timing *out)
{
    static const char *const names[] = {[VCDR_TIMING_NONE] = "none", [VCDR_TIMING_REAL] = "real"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum vcdr_timing)i;
            return VCDR_OK;
        }
    }
    return VCDR_EINVAL;
}

int vcdr_drive_new(const struct vcdr_drive_config *config, struct vcdr_time now,
                   struct vcdr_target *out)
{
    struct vcdr_drive *drive = calloc(1, sizeof(*drive));
    int err;

    if (drive == NULL)
        return VCDR_ENOMEM;
    err = take_identity(drive, config);
    if (err != VCDR_OK)
        goto out;
    if (config->disc != NULL && config->disc_name != NULL) {
        drive->disc_name = strdup(config->disc_name);
        err = drive->disc_name != NULL ? VCDR_OK : VCDR_ENOMEM;
        if (err != VCDR_OK)
            goto out;
    }
    drive->record = config->record;
    drive->record_commands = config->record_commands;
    drive->timing = config->timing;
    drive->disc = config->disc;
    drive->power_on_us = now.us;
    drive->now = now;
    set_defaults(drive);
    event_power_on(drive);
    out->ops = &drive_ops;
    out->ctx = drive;
out:
    if (err != VCDR_OK)
        drive_free(drive);
    return err;
}

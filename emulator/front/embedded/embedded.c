/* SPDX-License-Identifier: MIT */
#include <vcdr/embedded.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <vcdr/codes.h>

#include "emulator/front/machine/machine.h"
#include "sinks.h"

/*
 * A drive of this process. The registry's lock is taken before a drive's own, never after; it is
 * held while a drive is powered on or off, so that two threads that open one disc get one drive.
 */
struct drive {
    struct drive *next;
    dev_t device; /* of the disc's file */
    ino_t inode;
    bool has_disc;  /* an empty drive is found by nobody */
    bool powerless; /* nor is one whose power has failed; both locks are held to set it */
    unsigned users;
    pthread_mutex_t lock; /* serializes every call on the machine */
    struct machine machine;
    struct sinks *sinks;
    uint64_t ids;       /* nexuses announced so far */
    uint64_t passed_us; /* what the drive's clock is ahead of the system's */
};

struct vcdr_embedded {
    struct drive *drive;
    uint64_t id;
    bool cut; /* lost before it was closed */
};

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct drive *registry;
static unsigned long opened; /* nexuses of this process so far, for their names */

static struct vcdr_time time_now(const struct drive *drive)
{
    struct timespec monotonic, wall;

    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    clock_gettime(CLOCK_REALTIME, &wall);
    return (struct vcdr_time){
        .us = (uint64_t)monotonic.tv_sec * 1000000 + (uint64_t)monotonic.tv_nsec / 1000 +
              drive->passed_us,
        .wall_us = (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000 + (int64_t)drive->passed_us,
    };
}

/* ---- drives; the registry is locked ---- */

static struct drive *find_drive(const struct stat *file)
{
    struct drive *drive;

    for (drive = registry; drive; drive = drive->next) {
        if (drive->has_disc && !drive->powerless && drive->device == file->st_dev &&
            drive->inode == file->st_ino)
            return drive;
    }
    return NULL;
}

static int choose_timing(const struct vcdr_embedded_options *options, enum vcdr_timing *out)
{
    const char *text = options->timing ? options->timing : getenv("VCDR_TIMING");
    int error = text ? vcdr_timing_parse(text, out) : 0;

    if (error)
        fprintf(stderr, "vcdr: %s: %s: neither none nor real\n",
                options->timing ? "timing" : "VCDR_TIMING", text);
    return error;
}

/* What cannot be read is said on stderr: the environment's has nobody else to tell. */
static int power_on(const struct vcdr_embedded_options *options, struct drive *drive)
{
    struct machine_parts parts = {
        .drive = {.serial = MACHINE_SERIAL,
                  .record_commands = options->record_commands || getenv("VCDR_RECORD_COMMANDS")},
        .disc = options->disc,
        .faults = options->faults ? options->faults : getenv("VCDR_FAULT"),
    };
    struct vcdr_fault_error wrong;
    int error = choose_timing(options, &parts.drive.timing);

    if (!error)
        error = sinks_open(options->record, options->line, options->line_ctx, &drive->sinks);
    if (error)
        return error;
    parts.drive.record = sinks_record(drive->sinks);
    error = machine_on(&parts, time_now(drive), &drive->machine, &wrong);
    if (error == VCDR_EINVAL && wrong.message[0])
        fprintf(stderr, "vcdr: %s: %s\n", options->faults ? "fault" : "VCDR_FAULT", wrong.message);
    if (error)
        sinks_close(drive->sinks);
    return error;
}

static int new_drive(const struct vcdr_embedded_options *options, const struct stat *file,
                     struct drive **out)
{
    struct drive *drive = calloc(1, sizeof(*drive));
    int error;

    if (!drive)
        return VCDR_ENOMEM;
    if (pthread_mutex_init(&drive->lock, NULL) != 0) {
        free(drive);
        return VCDR_ENOMEM;
    }
    error = power_on(options, drive);
    if (error) {
        pthread_mutex_destroy(&drive->lock);
        free(drive);
        return error;
    }
    drive->has_disc = options->disc != NULL;
    drive->device = file->st_dev;
    drive->inode = file->st_ino;
    drive->next = registry;
    registry = drive;
    *out = drive;
    return 0;
}

static void drop_drive(struct drive *drive)
{
    struct drive **link = &registry;

    while (*link != drive)
        link = &(*link)->next;
    *link = drive->next;
    drive->machine.target.ops->power_off(drive->machine.target.ctx, time_now(drive));
    sinks_close(drive->sinks);
    pthread_mutex_destroy(&drive->lock);
    free(drive);
}

static int error_of_stat(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return VCDR_ENOENT;
    case EACCES:
        return VCDR_EACCESS;
    case ENOMEM:
        return VCDR_ENOMEM;
    }
    return VCDR_EIO;
}

static int take_drive(const struct vcdr_embedded_options *options, struct drive **out)
{
    struct stat file = {.st_ino = 0};

    if (options->disc) {
        struct drive *drive;

        if (stat(options->disc, &file) != 0)
            return error_of_stat();
        drive = find_drive(&file);
        if (drive) {
            *out = drive;
            return 0;
        }
    }
    return new_drive(options, &file, out);
}

static int announce(const struct vcdr_embedded_options *options, struct vcdr_embedded *nexus)
{
    struct drive *drive = nexus->drive;
    const char *initiator = options->initiator;
    char name[64];
    int error;

    opened++;
    snprintf(name, sizeof(name), "embedded:%ld:%lu", (long)getpid(), opened);
    pthread_mutex_lock(&drive->lock);
    nexus->id = ++drive->ids;
    error = drive->machine.target.ops->nexus_open(
        drive->machine.target.ctx, nexus->id, initiator ? initiator : name, NULL,
        options->alias ? options->alias : program_invocation_short_name, time_now(drive));
    pthread_mutex_unlock(&drive->lock);
    return error;
}

/* ---- the door ---- */

int vcdr_embedded_open(const struct vcdr_embedded_options *options, struct vcdr_embedded **out)
{
    static const struct vcdr_embedded_options none;
    struct vcdr_embedded *nexus = calloc(1, sizeof(*nexus));
    int error;

    if (!nexus)
        return VCDR_ENOMEM;
    if (!options)
        options = &none;
    pthread_mutex_lock(&registry_lock);
    error = take_drive(options, &nexus->drive);
    if (!error) {
        error = announce(options, nexus);
        if (!error)
            nexus->drive->users++;
        else if (nexus->drive->users == 0)
            drop_drive(nexus->drive);
    }
    pthread_mutex_unlock(&registry_lock);
    if (error)
        free(nexus);
    else
        *out = nexus;
    return error;
}

/* A nexus whose connection was cut is lost at once, as over a wire. */
static void lose_nexus(struct vcdr_embedded *nexus, struct vcdr_time now)
{
    nexus->cut = true;
    nexus->drive->machine.target.ops->nexus_close(nexus->drive->machine.target.ctx, nexus->id, now);
}

/* The disc's file is free already: whoever opens it from now on gets a new drive. */
static void forget_powerless(struct drive *drive)
{
    pthread_mutex_lock(&registry_lock);
    pthread_mutex_lock(&drive->lock);
    drive->powerless = true;
    pthread_mutex_unlock(&drive->lock);
    pthread_mutex_unlock(&registry_lock);
}

/* The drive is locked. Nobody wakes it: what is due by then happens now. */
static void pass_time(struct drive *drive, uint64_t us)
{
    drive->passed_us += us;
    drive->machine.target.ops->advance(drive->machine.target.ctx, time_now(drive));
}

void vcdr_embedded_execute(struct vcdr_embedded *nexus, struct vcdr_command *command)
{
    struct drive *drive = nexus->drive;
    const struct vcdr_target_ops *ops = drive->machine.target.ops;
    struct vcdr_time now;

    command->nexus = nexus->id;
    pthread_mutex_lock(&drive->lock);
    now = time_now(drive);
    if (nexus->cut) {
        command->outcome = VCDR_CUT;
        command->status = SAM_TASK_ABORTED;
        command->in_len = command->sense_len = 0;
    } else {
        ops->execute(drive->machine.target.ctx, command, now);
    }
    if (command->outcome == VCDR_DELAYED)
        pass_time(drive, command->delay_us);
    else if (command->outcome == VCDR_CUT && !nexus->cut)
        lose_nexus(nexus, now);
    pthread_mutex_unlock(&drive->lock);
    if (command->outcome == VCDR_POWERLESS)
        forget_powerless(drive);
}

int vcdr_embedded_fault(struct vcdr_embedded *nexus, const char *text,
                        struct vcdr_fault_error *error)
{
    struct drive *drive = nexus->drive;
    int result = VCDR_OK;

    pthread_mutex_lock(&drive->lock);
    if (drive->powerless)
        result = VCDR_ESTATE;
    else if (text)
        result = vcdr_faults_add_text(drive->machine.faults, text, strlen(text), error);
    else
        vcdr_faults_clear(drive->machine.faults);
    pthread_mutex_unlock(&drive->lock);
    return result;
}

void vcdr_embedded_pass_time(struct vcdr_embedded *nexus, uint64_t us)
{
    pthread_mutex_lock(&nexus->drive->lock);
    pass_time(nexus->drive, us);
    pthread_mutex_unlock(&nexus->drive->lock);
}

/* ---- hands ---- */

/* Which disc is in it is what the registry finds a drive by, so that is locked first. */
static void lock_both(struct drive *drive)
{
    pthread_mutex_lock(&registry_lock);
    pthread_mutex_lock(&drive->lock);
}

static void unlock_both(struct drive *drive)
{
    pthread_mutex_unlock(&drive->lock);
    pthread_mutex_unlock(&registry_lock);
}

int vcdr_embedded_insert(struct vcdr_embedded *nexus, const char *disc)
{
    struct drive *drive = nexus->drive;
    struct stat file;
    int error;

    if (stat(disc, &file) != 0)
        return error_of_stat();
    lock_both(drive);
    error = drive->powerless ? VCDR_ESTATE : machine_insert(&drive->machine, disc, time_now(drive));
    if (!error) {
        drive->has_disc = true;
        drive->device = file.st_dev;
        drive->inode = file.st_ino;
    }
    unlock_both(drive);
    return error;
}

int vcdr_embedded_eject(struct vcdr_embedded *nexus)
{
    struct drive *drive = nexus->drive;
    int error;

    lock_both(drive);
    error = machine_hand(&drive->machine, VCDR_HAND_REMOVE, time_now(drive));
    if (!error || error == VCDR_EIO) /* gone in either case */
        drive->has_disc = false;
    unlock_both(drive);
    return error;
}

int vcdr_embedded_button(struct vcdr_embedded *nexus)
{
    struct drive *drive = nexus->drive;
    int error;

    pthread_mutex_lock(&drive->lock);
    error = machine_hand(&drive->machine, VCDR_HAND_BUTTON, time_now(drive));
    pthread_mutex_unlock(&drive->lock);
    return error;
}

int vcdr_embedded_look(struct vcdr_embedded *nexus, struct vcdr_look *out)
{
    struct drive *drive = nexus->drive;
    const struct vcdr_target *target = &drive->machine.target;
    int error;

    pthread_mutex_lock(&drive->lock);
    error = target->ops->look(target->ctx, out, time_now(drive));
    pthread_mutex_unlock(&drive->lock);
    return error;
}

void vcdr_embedded_reset(struct vcdr_embedded *nexus)
{
    struct drive *drive = nexus->drive;

    pthread_mutex_lock(&drive->lock);
    if (!nexus->cut)
        drive->machine.target.ops->reset(drive->machine.target.ctx, nexus->id, time_now(drive));
    pthread_mutex_unlock(&drive->lock);
}

void vcdr_embedded_close(struct vcdr_embedded *nexus)
{
    struct drive *drive;

    if (!nexus)
        return;
    drive = nexus->drive;
    pthread_mutex_lock(&registry_lock);
    pthread_mutex_lock(&drive->lock);
    if (!nexus->cut)
        drive->machine.target.ops->nexus_close(drive->machine.target.ctx, nexus->id,
                                               time_now(drive));
    pthread_mutex_unlock(&drive->lock);
    if (--drive->users == 0)
        drop_drive(drive);
    pthread_mutex_unlock(&registry_lock);
    free(nexus);
}

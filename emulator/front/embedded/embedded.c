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

#include "sinks.h"

#define SERIAL "VCDR00000001" /* vcdr/drive.h's default; the filter's lines name it too */

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
    pthread_mutex_t lock;      /* serializes every call on the target */
    struct vcdr_target target; /* the filter in front of the drive */
    struct vcdr_faults *faults;
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

static int open_disc(const char *path, struct vcdr_disc **out)
{
    struct vcdr_store store;
    int error = vcdr_store_file(path, 0, &store);

    if (error)
        return error;
    error = vcdr_disc_open(store, out);
    if (error)
        store.ops->close(store.ctx);
    return error;
}

/* A rule that cannot be read is said on stderr: the environment's has nobody else to tell. */
static int set_faults(const struct vcdr_embedded_options *options, struct vcdr_faults *faults)
{
    struct vcdr_fault_error error;
    const char *text = options->faults ? options->faults : getenv("VCDR_FAULT");
    int result;

    if (!text)
        return 0;
    result = vcdr_faults_add_text(faults, text, strlen(text), &error);
    if (result == VCDR_EINVAL)
        fprintf(stderr, "vcdr: %s: %s\n", options->faults ? "fault" : "VCDR_FAULT", error.message);
    return result;
}

/* The drive with its filter in front; the disc is its own from then on, also on failure. */
static int new_target(const struct vcdr_embedded_options *options,
                      const struct vcdr_drive_config *config, struct drive *drive)
{
    struct vcdr_faults_config faults = {.record = config->record, .serial = config->serial};
    struct vcdr_time now = time_now(drive);
    struct vcdr_target bare;
    int error = vcdr_drive_new(config, now, &bare);

    if (error) {
        (void)vcdr_disc_close(config->disc);
        return error;
    }
    error = vcdr_faults_new(bare, &faults, now, &drive->target, &drive->faults);
    if (error) {
        bare.ops->power_off(bare.ctx, now);
        return error;
    }
    error = set_faults(options, drive->faults);
    if (error)
        drive->target.ops->power_off(drive->target.ctx, now);
    return error;
}

static int power_on(const struct vcdr_embedded_options *options, struct drive *drive)
{
    struct vcdr_drive_config config = {
        .serial = SERIAL,
        .disc_name = options->disc,
        .record_commands = options->record_commands || getenv("VCDR_RECORD_COMMANDS"),
    };
    int error = sinks_open(options->record, options->line, options->line_ctx, &drive->sinks);

    if (error)
        return error;
    config.record = sinks_record(drive->sinks);
    if (options->disc)
        error = open_disc(options->disc, &config.disc);
    if (!error)
        error = new_target(options, &config, drive);
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
    drive->target.ops->power_off(drive->target.ctx, time_now(drive));
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
    error = drive->target.ops->nexus_open(
        drive->target.ctx, nexus->id, initiator ? initiator : name, NULL,
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
    nexus->drive->target.ops->nexus_close(nexus->drive->target.ctx, nexus->id, now);
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

void vcdr_embedded_execute(struct vcdr_embedded *nexus, struct vcdr_command *command)
{
    struct drive *drive = nexus->drive;
    const struct vcdr_target_ops *ops = drive->target.ops;
    struct vcdr_time now;

    command->nexus = nexus->id;
    pthread_mutex_lock(&drive->lock);
    now = time_now(drive);
    if (ops->next_deadline(drive->target.ctx) <= now.us) /* nobody wakes us in between */
        ops->advance(drive->target.ctx, now);
    if (nexus->cut) {
        command->outcome = VCDR_CUT;
        command->status = SAM_TASK_ABORTED;
        command->in_len = command->sense_len = 0;
    } else {
        ops->execute(drive->target.ctx, command, now);
    }
    if (command->outcome == VCDR_DELAYED)
        drive->passed_us += command->delay_us;
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
        result = vcdr_faults_add_text(drive->faults, text, strlen(text), error);
    else
        vcdr_faults_clear(drive->faults);
    pthread_mutex_unlock(&drive->lock);
    return result;
}

void vcdr_embedded_pass_time(struct vcdr_embedded *nexus, uint64_t us)
{
    pthread_mutex_lock(&nexus->drive->lock);
    nexus->drive->passed_us += us;
    pthread_mutex_unlock(&nexus->drive->lock);
}

void vcdr_embedded_reset(struct vcdr_embedded *nexus)
{
    struct drive *drive = nexus->drive;

    pthread_mutex_lock(&drive->lock);
    if (!nexus->cut)
        drive->target.ops->reset(drive->target.ctx, nexus->id, time_now(drive));
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
        drive->target.ops->nexus_close(drive->target.ctx, nexus->id, time_now(drive));
    pthread_mutex_unlock(&drive->lock);
    if (--drive->users == 0)
        drop_drive(drive);
    pthread_mutex_unlock(&registry_lock);
    free(nexus);
}

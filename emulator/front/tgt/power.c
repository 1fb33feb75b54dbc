/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "power.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/disc.h>
#include <vcdr/drive.h>
#include <vcdr/record.h>
#include <vcdr/store.h>

#include "clock.h"

#define SERIAL "VCDR00000001" /* vcdr/drive.h's default; the filter's lines name it too */

/* One record file, with the drives that write to it counted. */
struct record_share {
    struct record_share *next;
    char *path;
    struct vcdr_record_file *file;
    unsigned users;
};

static struct record_share *shares; /* one thread: tgtd's */

static void share_release(struct record_share *share)
{
    struct record_share **link = &shares;

    if (!share || --share->users > 0)
        return;
    while (*link != share)
        link = &(*link)->next;
    *link = share->next;
    vcdr_record_file_close(share->file);
    free(share->path);
    free(share);
}

static int share_take(const char *path, struct record_share **out)
{
    struct record_share *share;
    int error = VCDR_ENOMEM;

    for (share = shares; share; share = share->next) {
        if (strcmp(share->path, path) == 0) {
            share->users++;
            *out = share;
            return 0;
        }
    }
    share = calloc(1, sizeof(*share));
    if (!share)
        return VCDR_ENOMEM;
    share->path = strdup(path);
    if (share->path)
        error = vcdr_record_file_open(path, &share->file);
    if (error) {
        free(share->path);
        free(share);
        return error;
    }
    share->users = 1;
    share->next = shares;
    shares = share;
    *out = share;
    return 0;
}

static int disc_of(const char *path, struct vcdr_disc **out)
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

/* The disc is the drive's from then on, also on failure. */
static int new_target(const struct power_settings *settings, const struct vcdr_drive_config *config,
                      struct powered *powered)
{
    struct vcdr_faults_config faults = {.record = config->record, .serial = config->serial};
    struct vcdr_time now = clock_now();
    struct vcdr_target bare;
    int error = vcdr_drive_new(config, now, &bare);

    if (error) {
        (void)vcdr_disc_close(config->disc);
        return error;
    }
    error = vcdr_faults_new(bare, &faults, now, &powered->target, &powered->faults);
    if (error) {
        bare.ops->power_off(bare.ctx, now);
        return error;
    }
    if (settings->faults)
        error =
            vcdr_faults_add_text(powered->faults, settings->faults, strlen(settings->faults), NULL);
    if (error)
        powered->target.ops->power_off(powered->target.ctx, now);
    return error;
}

int power_on(const struct power_settings *settings, struct powered *out, const char **thing)
{
    struct powered powered = {.record = NULL};
    struct vcdr_drive_config config = {
        .product = settings->name,
        .serial = settings->serial ? settings->serial : SERIAL,
        .disc_name = settings->disc,
        .record_commands = settings->record_commands,
    };
    int error;

    if (settings->record) {
        *thing = settings->record;
        error = share_take(settings->record, &powered.record);
        if (error)
            return error;
        config.record = vcdr_record_file_sink(powered.record->file);
    }
    if (settings->disc) {
        *thing = settings->disc;
        error = disc_of(settings->disc, &config.disc);
        if (error)
            goto out;
    }
    *thing = "drive";
    error = new_target(settings, &config, &powered);
    if (error)
        goto out;
    *out = powered;
    return 0;
out:
    share_release(powered.record);
    return error;
}

void power_off_drive(struct powered *powered)
{
    if (powered->target.ops)
        powered->target.ops->power_off(powered->target.ctx, clock_now());
    powered->target.ops = NULL;
}

void power_off_record(struct powered *powered)
{
    share_release(powered->record);
    powered->record = NULL;
}

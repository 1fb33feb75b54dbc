/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "power.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/disc.h>
#include <vcdr/drive.h>
#include <vcdr/record.h>
#include <vcdr/store.h>

#include "clock.h"

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

int power_on(const struct power_settings *settings, struct powered *out, const char **thing)
{
    struct powered powered = {.record = NULL};
    struct vcdr_drive_config config = {
        .product = settings->name,
        .serial = settings->serial,
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
    error = vcdr_drive_new(&config, clock_now(), &powered.target);
    if (error) {
        (void)vcdr_disc_close(config.disc);
        goto out;
    }
    *out = powered;
    return 0;
out:
    share_release(powered.record);
    return error;
}

void power_off(struct powered *powered)
{
    if (!powered->target.ops)
        return;
    powered->target.ops->power_off(powered->target.ctx, clock_now());
    powered->target.ops = NULL;
    share_release(powered->record);
    powered->record = NULL;
}

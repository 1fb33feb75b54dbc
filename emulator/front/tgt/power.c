/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "power.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/record.h>

#include "clock.h"
#include "mailbox.h"

/* One record, with the drives that write to it counted: a file's, or where there is none that of
 * the control socket's subscribers alone. Either way the mailbox gets its lines. */
struct record_share {
    struct record_share *next;
    char *path; /* NULL: no file */
    struct vcdr_record_file *file;
    struct vcdr_record_lines *lines;
    unsigned users;
};

static struct record_share *shares; /* one thread: tgtd's */

static struct vcdr_record share_sink(struct record_share *share)
{
    return share->file ? vcdr_record_file_sink(share->file) : vcdr_record_lines_sink(share->lines);
}

static void share_free(struct record_share *share)
{
    vcdr_record_file_close(share->file);
    vcdr_record_lines_free(share->lines);
    free(share->path);
    free(share);
}

static void share_release(struct record_share *share)
{
    struct record_share **link = &shares;

    if (!share || --share->users > 0)
        return;
    while (*link != share)
        link = &(*link)->next;
    *link = share->next;
    share_free(share);
}

static int share_open(struct record_share *share, const char *path)
{
    int error;

    if (!path)
        return vcdr_record_lines_new(mailbox_put, NULL, &share->lines);
    share->path = strdup(path);
    if (!share->path)
        return VCDR_ENOMEM;
    error = vcdr_record_file_open(path, &share->file);
    if (!error)
        vcdr_record_file_watch(share->file, mailbox_put, NULL);
    return error;
}

static bool is_of(const struct record_share *share, const char *path)
{
    return path ? share->path && strcmp(share->path, path) == 0 : !share->path;
}

/* `path` NULL: without a file */
static int share_take(const char *path, struct record_share **out)
{
    struct record_share *share = shares;
    int error;

    while (share && !is_of(share, path))
        share = share->next;
    if (!share) {
        share = calloc(1, sizeof(*share));
        if (!share)
            return VCDR_ENOMEM;
        error = share_open(share, path);
        if (error) {
            share_free(share);
            return error;
        }
        share->next = shares;
        shares = share;
    }
    share->users++;
    *out = share;
    return 0;
}

int power_on(const struct power_settings *settings, struct powered *out, const char **thing)
{
    struct powered powered = {.record = NULL};
    struct machine_parts parts = {
        .drive = {.product = settings->name,
                  .serial = settings->serial ? settings->serial : MACHINE_SERIAL,
                  .record_commands = settings->record_commands},
        .disc = settings->disc,
        .faults = settings->faults,
    };
    int error;

    *thing = "timing";
    if (settings->timing && vcdr_timing_parse(settings->timing, &parts.drive.timing))
        return VCDR_EINVAL;
    *thing = settings->record ? settings->record : "record";
    error = share_take(settings->record, &powered.record);
    if (error)
        return error;
    parts.drive.record = share_sink(powered.record);
    *thing = settings->disc ? settings->disc : "drive";
    error = machine_on(&parts, clock_now(), &powered.machine, NULL);
    if (error)
        share_release(powered.record);
    else
        *out = powered;
    return error;
}

void power_off_drive(struct powered *powered)
{
    if (powered->machine.target.ops)
        powered->machine.target.ops->power_off(powered->machine.target.ctx, clock_now());
    powered->machine.target.ops = NULL;
}

void power_off_record(struct powered *powered)
{
    share_release(powered->record);
    powered->record = NULL;
}

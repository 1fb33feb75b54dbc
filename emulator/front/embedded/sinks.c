/* SPDX-License-Identifier: MIT */
#include "sinks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One open record file. */
struct share {
    struct share *next;
    dev_t device;
    ino_t inode;
    struct vcdr_record_file *file;
    unsigned users;
};

struct sinks {
    struct share *share;             /* NULL: no file */
    struct vcdr_record_lines *lines; /* NULL: no function */
    struct vcdr_record to[2];
    unsigned count;
};

static struct share *shares;

static struct share *find_share(const char *path)
{
    struct share *share = NULL;
    struct stat file;

    if (stat(path, &file) != 0)
        return NULL;
    for (share = shares; share; share = share->next) {
        if (share->device == file.st_dev && share->inode == file.st_ino)
            break;
    }
    return share;
}

static int take_share(const char *path, struct share **out)
{
    struct share *share = find_share(path);
    struct stat file;
    int error;

    if (share) {
        share->users++;
        *out = share;
        return 0;
    }
    share = calloc(1, sizeof(*share));
    if (!share)
        return VCDR_ENOMEM;
    error = vcdr_record_file_open(path, &share->file);
    if (error) {
        free(share);
        return error;
    }
    if (stat(path, &file) == 0) {
        share->device = file.st_dev;
        share->inode = file.st_ino;
    }
    share->users = 1;
    share->next = shares;
    shares = share;
    *out = share;
    return 0;
}

static void drop_share(struct share *share)
{
    struct share **link = &shares;

    if (!share || --share->users > 0)
        return;
    while (*link != share)
        link = &(*link)->next;
    *link = share->next;
    vcdr_record_file_close(share->file);
    free(share);
}

int sinks_open(const char *path, vcdr_record_line_fn line, void *line_ctx, struct sinks **out)
{
    struct sinks *sinks = calloc(1, sizeof(*sinks));
    int error = 0;

    if (!sinks)
        return VCDR_ENOMEM;
    if (!path)
        path = getenv("VCDR_RECORD");
    if (path && *path) {
        error = take_share(path, &sinks->share);
        if (!error)
            sinks->to[sinks->count++] = vcdr_record_file_sink(sinks->share->file);
    }
    if (!error && line) {
        error = vcdr_record_lines_new(line, line_ctx, &sinks->lines);
        if (!error)
            sinks->to[sinks->count++] = vcdr_record_lines_sink(sinks->lines);
    }
    if (error)
        sinks_close(sinks);
    else
        *out = sinks;
    return error;
}

static void emit_to_all(void *ctx, const struct vcdr_event *event)
{
    const struct sinks *sinks = ctx;

    for (unsigned i = 0; i < sinks->count; i++)
        sinks->to[i].emit(sinks->to[i].ctx, event);
}

struct vcdr_record sinks_record(struct sinks *sinks)
{
    if (sinks->count == 0)
        return (struct vcdr_record){.emit = NULL};
    if (sinks->count == 1)
        return sinks->to[0];
    return (struct vcdr_record){.emit = emit_to_all, .ctx = sinks};
}

void sinks_close(struct sinks *sinks)
{
    drop_share(sinks->share);
    if (sinks->lines)
        vcdr_record_lines_free(sinks->lines);
    free(sinks);
}

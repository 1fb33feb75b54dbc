/* SPDX-License-Identifier: MIT */
/* The record's lines handed to a function. */
#include <vcdr/record.h>

#include <pthread.h>
#include <stdlib.h>

enum { LINE_ROOM = 16384 };

struct vcdr_record_lines {
    pthread_mutex_t mutex; /* several drives, several threads: one order */
    vcdr_record_line_fn fn;
    void *ctx;
    uint64_t seq;
    char line[LINE_ROOM];
};

static void lines_emit(void *ctx, const struct vcdr_event *event)
{
    struct vcdr_record_lines *lines = ctx;
    size_t len;

    pthread_mutex_lock(&lines->mutex);
    len = vcdr_record_line(event, lines->seq + 1, lines->line, sizeof(lines->line));
    if (len < sizeof(lines->line)) { /* the drive's events are shorter by half */
        lines->seq++;
        lines->fn(lines->ctx, lines->line, len);
    }
    pthread_mutex_unlock(&lines->mutex);
}

int vcdr_record_lines_new(vcdr_record_line_fn fn, void *ctx, struct vcdr_record_lines **out)
{
    struct vcdr_record_lines *lines = calloc(1, sizeof(*lines));

    if (lines == NULL)
        return VCDR_ENOMEM;
    pthread_mutex_init(&lines->mutex, NULL);
    lines->fn = fn;
    lines->ctx = ctx;
    *out = lines;
    return VCDR_OK;
}

struct vcdr_record vcdr_record_lines_sink(struct vcdr_record_lines *lines)
{
    struct vcdr_record record = {lines_emit, lines};

    return record;
}

void vcdr_record_lines_free(struct vcdr_record_lines *lines)
{
    if (lines == NULL)
        return;
    pthread_mutex_destroy(&lines->mutex);
    free(lines);
}

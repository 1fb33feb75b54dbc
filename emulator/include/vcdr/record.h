/* SPDX-License-Identifier: MIT */
/*
 * The record: what happened to a drive, for tests and people (docs/record.md). Not to be confused
 * with the disc's own log. A drive hands each event to a sink; the sink numbers it and makes it a
 * line of JSON.
 */
#ifndef VCDR_RECORD_H
#define VCDR_RECORD_H

#include <stddef.h>
#include <stdint.h>
#include <vcdr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vcdr_event {
    const char *name;    /* "exclusive-lock" ... */
    const char *drive;   /* serial number of the drive */
    uint64_t time_us;    /* drive time since power-on */
    int64_t wall_us;     /* microseconds since 1970-01-01T00:00:00Z */
    const char *members; /* the event's own members as JSON text, each preceded by a comma:
                          * `,"owner":"A","flags":0`; "" for none; NUL-terminated */
};

/* Where events go. `emit` is called in the order in which things happened, from the thread that
 * executes the command, and may not call back into the drive. The strings die with the call. */
struct vcdr_record {
    void (*emit)(void *ctx, const struct vcdr_event *event);
    void *ctx;
};

/* Formats one line, newline included, as the record has it. Returns its length without the NUL, or
 * the length it would have had where `size` is too small (as snprintf). */
size_t vcdr_record_line(const struct vcdr_event *event, uint64_t seq, char *buf, size_t size);

/* A JSON string of `value`, quotes included, or null for NULL: at most `limit` bytes between the
 * quotes, cut at a whole character; bytes that are no UTF-8 become U+FFFD. `buf` has room for limit
 * + 3. Returns its length without the NUL. */
size_t vcdr_record_string(const char *value, size_t limit, char *buf);

/*
 * A record file: one write(2) in append mode a line, `seq` taken up from the last whole line, a torn
 * last line cut off first. Drives, threads, handles and processes may share one file: a line is
 * written under the file's flock. A failed write is reported once on stderr and by
 * vcdr_record_file_error; the record ends there, the drive goes on.
 */
struct vcdr_record_file;
typedef void (*vcdr_record_line_fn)(void *ctx, const char *line, size_t len);
/* Makes the file where there is none. VCDR_ENOENT (its folder), VCDR_EACCESS, VCDR_EIO, VCDR_ENOMEM;
 * VCDR_EINVAL: it holds something else than a record, and is left as it was. */
int vcdr_record_file_open(const char *path, struct vcdr_record_file **out);
/* Valid until the file is closed. */
struct vcdr_record vcdr_record_file_sink(struct vcdr_record_file *file);
/* `fn` gets each line that this handle writes, as soon as it is written: one call at a time, from
 * whichever thread executes the command; it may not call the drive. Set before a drive has the sink. */
void vcdr_record_file_watch(struct vcdr_record_file *file, vcdr_record_line_fn fn, void *ctx);
/* VCDR_OK, or why the record ended early. Any thread. */
int vcdr_record_file_error(const struct vcdr_record_file *file);
/* NULL is allowed. No drive may use its sink any more. */
void vcdr_record_file_close(struct vcdr_record_file *file);

/* The same lines to a function, numbered from 1: `line` ends in a newline and dies with the call. The
 * function is called from whichever thread executes the command, one call at a time, and may not call
 * the drive. VCDR_ENOMEM. */
struct vcdr_record_lines;
int vcdr_record_lines_new(vcdr_record_line_fn fn, void *ctx, struct vcdr_record_lines **out);
struct vcdr_record vcdr_record_lines_sink(struct vcdr_record_lines *lines);
void vcdr_record_lines_free(struct vcdr_record_lines *lines);

#ifdef __cplusplus
}
#endif
#endif

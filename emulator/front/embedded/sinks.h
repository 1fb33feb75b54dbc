/* SPDX-License-Identifier: MIT */
/*
 * Where an embedded drive's events go: to a record file, to a function, to both or nowhere. Drives
 * that name one file share it, so that its lines are numbered once. Not thread-safe: the registry's
 * lock is held.
 */
#ifndef VCDR_FRONT_EMBEDDED_SINKS_H
#define VCDR_FRONT_EMBEDDED_SINKS_H

#include <vcdr/record.h>

struct sinks;

/* path NULL: the environment's VCDR_RECORD, or none; line NULL: none. Errors: VCDR_ENOMEM and those
 * of vcdr_record_file_open. */
int sinks_open(const char *path, vcdr_record_line_fn line, void *line_ctx, struct sinks **out);
/* What a drive emits to; valid while the sinks are. */
struct vcdr_record sinks_record(struct sinks *sinks);
void sinks_close(struct sinks *sinks);

#endif

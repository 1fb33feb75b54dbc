/* SPDX-License-Identifier: MIT */
/*
 * Shows on stderr how a track-at-once burn goes on: a sink of DDiscFormat2TrackAtOnceEvents. It
 * also carries a wish to stop, made by a signal, to the one place where CancelAddTrack may be
 * called.
 */
#ifndef VCDR_TOOLS_BURN_PROGRESS_H
#define VCDR_TOOLS_BURN_PROGRESS_H

#include "com.h"
#include <signal.h>

struct burn_progress;

/* `stop` is looked at in each event. Connects to the format; NULL where that is not possible. */
struct burn_progress *burn_progress_new(IDiscFormat2TrackAtOnce *format,
                                        const volatile sig_atomic_t *stop);

/* Names the track that comes next, for the lines. */
void burn_progress_track(struct burn_progress *progress, unsigned track, const char *path);

/* Ends the line that is being written over on a terminal: something else is to be printed. */
void burn_progress_end_line(struct burn_progress *progress);

/* Disconnects; NULL is allowed. */
void burn_progress_free(struct burn_progress *progress);

#endif

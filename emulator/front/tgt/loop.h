/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the module adds to tgtd's event loop: one timer for all drives, the bell of their threads,
 * and SIGTERM and SIGINT, which tgtd swallows or dies of. */
#ifndef VCDR_FRONT_TGT_LOOP_H
#define VCDR_FRONT_TGT_LOOP_H

#include <stdint.h>

/* Both: 0 or a negative errno. Called from within the loop only. */
int loop_start(void); /* the timer and the bell */
int loop_catch_signals(void);

/* An eventfd: units_turn is called in the loop once any thread has rung it. */
int loop_bell(void);

/* units_tick shall be called at this time of CLOCK_MONOTONIC (microseconds) at the latest. */
void loop_wake_by(uint64_t us);

/* Blocks the signals early, so that one that comes before loop_catch_signals is kept. */
void loop_hold_signals(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A thread that does one piece of work at a time for whoever may not wait: tgtd's loop serves every
 * drive, and what waits for a disk must not stop it. It knows no drive and no tgt.
 */
#ifndef VCDR_FRONT_TGT_WORKER_H
#define VCDR_FRONT_TGT_WORKER_H

#include <stdbool.h>

struct worker;

/* `bell` is an eventfd that is rung when a piece of work is done; several workers may have one. It
 * takes no signals. VCDR_ENOMEM: there is no memory, or no thread. */
int worker_new(int bell, struct worker **out);

/* Begins; nothing may be at work. What was written before is seen by `work`, and what `work` has
 * written is seen by whoever was told that it is done. */
void worker_start(struct worker *worker, void (*work)(void *ctx), void *ctx);

/* What was begun is done, or nothing was begun. */
bool worker_is_done(struct worker *worker);

/* Waits for that. */
void worker_await(struct worker *worker);

/* Waits, ends the thread, frees. NULL is allowed. */
void worker_free(struct worker *worker);

#endif

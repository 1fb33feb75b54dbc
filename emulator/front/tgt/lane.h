/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The lane of one drive: what is to be done with it, one errand after another, in the order in
 * which they came. An errand that may wait for the disc's store is done on the lane's own thread;
 * those behind it wait, and the loop goes on with other drives. It knows no drive and no tgt.
 *
 * All calls come from the loop's thread.
 */
#ifndef VCDR_FRONT_TGT_LANE_H
#define VCDR_FRONT_TGT_LANE_H

#include <stdbool.h>

#include "worker.h"

/* Part of the caller's own struct; each function may free it where it says so. */
struct errand {
    struct errand *next; /* the lane's */
    /* Its turn has come. False: it is over, and freed. True: `work` is wanted. */
    bool (*begin)(struct errand *errand);
    /* On the lane's thread: the only one of them that is not called by the loop. */
    void (*work)(struct errand *errand);
    /* `work` is done. Frees the errand. */
    void (*end)(struct errand *errand);
    /* Nobody wants it any more: `begin` is called before its turn, and has to end it without a look
     * at the drive. NULL: never. */
    bool (*unwanted)(const struct errand *errand);
};

struct lane {
    struct errand *at_work; /* with the thread; NULL: none */
    struct errand *first, **end;
    struct worker *worker; /* NULL until it is wanted */
    int bell;
    bool turning;
};

/* `bell` is rung when lane_turn is to be called. */
void lane_init(struct lane *lane, int bell);

/* Nothing is at work and nothing waits: what has no need of the thread may be done at once. */
static inline bool lane_is_free(const struct lane *lane)
{
    return !lane->at_work && !lane->first;
}

/* Behind all others; at once where there are none. Without memory for a thread `work` is done by
 * the caller's. */
void lane_put(struct lane *lane, struct errand *errand);

/* From within its own `end`: before all others, once more. */
void lane_put_back(struct lane *lane, struct errand *errand);

/* Ends what is done and begins what comes next. */
void lane_turn(struct lane *lane);

/* Lets those go that nobody wants. False: nothing waits, there is no need to ask again. */
bool lane_weed(struct lane *lane);

/* Waits until nothing is at work and nothing waits. */
void lane_settle(struct lane *lane);

/* Settles, and ends the thread. */
void lane_close(struct lane *lane);

#endif

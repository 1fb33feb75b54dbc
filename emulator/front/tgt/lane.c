/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "lane.h"

#include <stddef.h>

void lane_init(struct lane *lane, int bell)
{
    *lane = (struct lane){.bell = bell};
    lane->end = &lane->first;
}

static void work(void *ctx)
{
    struct errand *errand = ctx;

    errand->work(errand);
}

static struct errand *take_first(struct lane *lane)
{
    struct errand *errand = lane->first;

    lane->first = errand->next;
    if (!lane->first)
        lane->end = &lane->first;
    errand->next = NULL;
    return errand;
}

static void begin(struct lane *lane, struct errand *errand)
{
    if (!errand->begin(errand))
        return;
    if (!lane->worker && worker_new(lane->bell, &lane->worker)) {
        errand->work(errand);
        errand->end(errand);
        return;
    }
    lane->at_work = errand;
    worker_start(lane->worker, work, errand);
}

/* An errand's functions may put another one, which then only waits for its turn here. */
void lane_turn(struct lane *lane)
{
    if (lane->turning)
        return;
    lane->turning = true;
    if (lane->at_work && worker_is_done(lane->worker)) {
        struct errand *done = lane->at_work;

        lane->at_work = NULL;
        done->end(done);
    }
    while (!lane->at_work && lane->first)
        begin(lane, take_first(lane));
    lane->turning = false;
}

void lane_put(struct lane *lane, struct errand *errand)
{
    errand->next = NULL;
    *lane->end = errand;
    lane->end = &errand->next;
    lane_turn(lane);
}

void lane_put_back(struct lane *lane, struct errand *errand)
{
    errand->next = lane->first;
    if (!lane->first)
        lane->end = &errand->next;
    lane->first = errand;
}

bool lane_weed(struct lane *lane)
{
    struct errand **link = &lane->first;

    while (*link) {
        struct errand *errand = *link;

        if (!errand->unwanted || !errand->unwanted(errand)) {
            link = &errand->next;
            continue;
        }
        *link = errand->next;
        if (!*link)
            lane->end = link;
        (void)errand->begin(errand);
    }
    return lane->first != NULL;
}

void lane_settle(struct lane *lane)
{
    lane_turn(lane);
    while (lane->at_work) {
        worker_await(lane->worker);
        lane_turn(lane);
    }
}

void lane_close(struct lane *lane)
{
    lane_settle(lane);
    worker_free(lane->worker);
    lane->worker = NULL;
}

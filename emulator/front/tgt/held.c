/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "held.h"

#include <stdlib.h>
#include <vcdr/codes.h>

#include "connection.h"

enum { LOOK_EVERY_US = 10000 };

struct held {
    struct held *next;
    struct tgt_cmd *cmd;
    uint64_t due_us;
    uint8_t status;
};

static struct held *all; /* one thread: tgtd's */

int held_keep(struct tgt_cmd *cmd, uint8_t status, uint64_t due_us)
{
    struct held *held = malloc(sizeof(*held)), **link = &all;

    if (!held)
        return VCDR_ENOMEM;
    while (*link && (*link)->due_us <= due_us) /* those due at once end in their order */
        link = &(*link)->next;
    *held = (struct held){.next = *link, .cmd = cmd, .due_us = due_us, .status = status};
    *link = held;
    return 0;
}

static bool is_over(struct held *held, struct vcdr_time now)
{
    if (held->cmd->task_management || connection_is_closed(held->cmd)) {
        held->status = SAM_TASK_ABORTED;
        return true;
    }
    return held->due_us <= now.us;
}

static void end(struct held *held)
{
    if (held->status == SAM_TASK_ABORTED) {
        held->cmd->sense_len = 0;
        held->cmd->in.transfer_len = 0;
        held->cmd->in.resid = (int32_t)held->cmd->in.length;
    }
    target_cmd_io_done(held->cmd, held->status);
    free(held);
}

uint64_t held_tick(struct vcdr_time now)
{
    uint64_t wake = VCDR_NO_DEADLINE;

    for (struct held **link = &all; *link;) {
        struct held *held = *link;

        if (is_over(held, now)) {
            *link = held->next;
            end(held);
            continue;
        }
        if (held->due_us < wake)
            wake = held->due_us;
        link = &held->next;
    }
    return all && wake > now.us + LOOK_EVERY_US ? now.us + LOOK_EVERY_US : wake;
}

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Commands on their way between tgt and the drive. One that cannot wait for the disc's store, while
 * nothing else of its drive waits, is executed at once, in tgtd's loop. Any other is an errand of
 * the drive's lane.
 */
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

#include "absent.h"
#include "clock.h"
#include "connection.h"
#include "held.h"
#include "list.h"
#include "loop.h"
#include "unit_private.h"

enum { CDB_BYTES = 16 };

/* ---- tgt's structures ---- */

static void *pointer_of(const struct tgt_data *data)
{
    return data->length ? (void *)(uintptr_t)data->buffer : NULL;
}

/* tgt raises unit attentions of its own (29/00 at login and reset, 3F/0E); the drive keeps its own
 * and only those are told. */
static void drop_tgt_attentions(struct tgt_cmd *cmd)
{
    struct tgt_nexus_unit *pair = cmd->nexus_unit;

    while (pair->attentions.next != &pair->attentions && ua_sense_del(cmd, 1) == 0)
        continue;
    cmd->sense_len = 0;
}

/* tgt's default residual is that all of an uninitialised buffer is data. `wanted` is more than
 * `len` where the initiator awaits less than its CDB asks for: an overflow, which tgt has negative.
 */
static void set_in_length(struct tgt_data *in, size_t len, size_t wanted)
{
    size_t overflow = len == in->length && wanted > len ? wanted - len : 0;

    in->transfer_len = (uint32_t)len;
    in->resid = (int32_t)(in->length - (uint32_t)len);
    if (overflow > 0)
        in->resid = overflow < INT32_MAX ? -(int32_t)overflow : -INT32_MAX;
}

static struct vcdr_command command_of(const struct tgt_cmd *cmd)
{
    struct vcdr_command command = {
        .out = pointer_of(&cmd->out),
        .out_len = cmd->out.length,
        .in = pointer_of(&cmd->in),
        .in_size = cmd->in.length,
    };

    memcpy(command.cdb, cmd->cdb, cmd->cdb_len < CDB_BYTES ? (size_t)cmd->cdb_len : CDB_BYTES);
    return command;
}

/* ---- the answer ---- */

static void hold(struct tgt_cmd *cmd, uint8_t status, uint64_t due_us)
{
    if (held_keep(cmd, status, due_us))
        target_cmd_io_done(cmd, status);
    else
        loop_wake_by(clock_now().us); /* held_tick says from then on when to come again */
}

/* The drive has executed the command, or something has kept it from that. */
static void conclude(struct unit *unit, struct tgt_cmd *cmd, const struct vcdr_command *command,
                     struct vcdr_time now)
{
    set_in_length(&cmd->in, command->in_len, command->in_wanted);
    memcpy(cmd->sense, command->sense, command->sense_len);
    cmd->sense_len = (int)command->sense_len;
    switch (command->outcome) {
    case VCDR_ANSWERED:
        target_cmd_io_done(cmd, command->status);
        break;
    case VCDR_DELAYED:
        hold(cmd, command->status, now.us + command->delay_us);
        break;
    case VCDR_UNANSWERED:
        hold(cmd, SAM_TASK_ABORTED, VCDR_NO_DEADLINE);
        break;
    case VCDR_CUT:
        connection_cut(unit->tgt->target, cmd->nexus_unit->nexus_id);
        hold(cmd, SAM_TASK_ABORTED, VCDR_NO_DEADLINE);
        break;
    case VCDR_POWERLESS:
        unit_lose_power(unit);
        hold(cmd, SAM_TASK_ABORTED, VCDR_NO_DEADLINE);
        break;
    }
}

/* ---- one command ---- */

/* The initiator wants no answer any more. */
static bool is_aborted(const struct tgt_cmd *cmd)
{
    return cmd->task_management || connection_is_closed(cmd);
}

static void execute(struct unit *unit, struct vcdr_command *command, struct vcdr_time now)
{
    unit->drive.machine.target.ops->execute(unit->drive.machine.target.ctx, command, now);
}

static void executed(struct unit *unit, struct tgt_cmd *cmd, const struct vcdr_command *command,
                     struct vcdr_time now)
{
    struct vcdr_target target = unit->drive.machine.target;

    loop_wake_by(target.ops->next_deadline(target.ctx));
    conclude(unit, cmd, command, now);
}

enum turn {
    TURN_OVER, /* answered: the drive had nothing to do with it */
    TURN_SHORT,
    TURN_LONG, /* executing it may wait for the store */
    TURN_NEWS, /* before it the drive is to be told of nexuses lost, or of a reset */
};

static bool may_wait(const struct unit *unit, const struct vcdr_command *command,
                     struct vcdr_time now)
{
    return unit_is_due(unit, now) ||
           unit->drive.machine.target.ops->may_wait(unit->drive.machine.target.ctx, command);
}

/* The command's turn has come. */
static enum turn turn_of(struct unit *unit, struct tgt_cmd *cmd, struct vcdr_command *command,
                         struct vcdr_time now)
{
    loop_wake_by(held_tick(now)); /* a lost nexus that a held command keeps goes before this one */
    if (is_aborted(cmd)) {
        command->status = SAM_TASK_ABORTED;
    } else if (unit->powerless) {
        absent_unit((struct vcdr_target){.ops = NULL}, command, now);
    } else if (!unit_is_usable(unit) || !cmd->nexus_unit) {
        command->status = SAM_BUSY;
    } else {
        if (unit_scan(unit, now))
            return TURN_NEWS;
        loop_wake_by(now.us + UNIT_SCAN_EVERY_US);
        command->nexus = nexuses_id(&unit->nexuses, cmd->nexus_unit);
        if (command->nexus == 0) /* no memory to announce it */
            command->status = SAM_BUSY;
        else if (cmd->wanted_lun != unit->tgt->lun)
            absent_unit(unit->drive.machine.target, command, now);
        else
            return may_wait(unit, command, now) ? TURN_LONG : TURN_SHORT;
    }
    conclude(unit, cmd, command, now);
    return TURN_OVER;
}

/* ---- as an errand ---- */

struct sent {
    struct errand errand; /* the first member */
    struct unit *unit;
    struct tgt_cmd *cmd;
    struct vcdr_command command;
    struct vcdr_time now;
    enum turn turn;
};

static bool sent_begin(struct errand *errand)
{
    struct sent *sent = (struct sent *)errand;

    sent->command = command_of(sent->cmd);
    sent->now = clock_now();
    sent->turn = turn_of(sent->unit, sent->cmd, &sent->command, sent->now);
    switch (sent->turn) {
    case TURN_OVER:
        break;
    case TURN_SHORT:
        execute(sent->unit, &sent->command, sent->now);
        executed(sent->unit, sent->cmd, &sent->command, sent->now);
        break;
    case TURN_LONG:
    case TURN_NEWS:
        unit_see(sent->unit); /* for those who ask meanwhile */
        return true;
    }
    free(sent);
    return false;
}

static void sent_work(struct errand *errand)
{
    struct sent *sent = (struct sent *)errand;

    if (sent->turn == TURN_NEWS)
        unit_tell(sent->unit, sent->now);
    else
        execute(sent->unit, &sent->command, sent->now);
}

/* An initiator that has given the command up meanwhile hears nothing of what came of it. */
static void sent_end(struct errand *errand)
{
    struct sent *sent = (struct sent *)errand;

    if (sent->turn == TURN_NEWS) {
        lane_put_back(&sent->unit->lane, errand);
        return;
    }
    if (sent->command.outcome == VCDR_ANSWERED && is_aborted(sent->cmd)) {
        sent->command.status = SAM_TASK_ABORTED;
        sent->command.in_len = sent->command.in_wanted = sent->command.sense_len = 0;
    }
    executed(sent->unit, sent->cmd, &sent->command, sent->now);
    free(sent);
}

static bool sent_unwanted(const struct errand *errand)
{
    return is_aborted(((const struct sent *)errand)->cmd);
}

static void send(struct unit *unit, struct tgt_cmd *cmd)
{
    struct sent *sent = malloc(sizeof(*sent));

    if (!sent) {
        target_cmd_io_done(cmd, SAM_BUSY);
        return;
    }
    *sent = (struct sent){
        .errand = {.begin = sent_begin,
                   .work = sent_work,
                   .end = sent_end,
                   .unwanted = sent_unwanted},
        .unit = unit,
        .cmd = cmd,
    };
    lane_put(&unit->lane, &sent->errand);
    if (!lane_is_free(&unit->lane))
        loop_wake_by(clock_now().us); /* units_tick says from then on when to come again */
}

static void take_up(struct tgt_cmd *cmd)
{
    struct unit *unit = cmd->unit->private_data;
    struct vcdr_command command;
    struct vcdr_time now;

    if (!lane_is_free(&unit->lane)) {
        send(unit, cmd);
        return;
    }
    command = command_of(cmd);
    now = clock_now();
    switch (turn_of(unit, cmd, &command, now)) {
    case TURN_OVER:
        break;
    case TURN_SHORT:
        execute(unit, &command, now);
        executed(unit, cmd, &command, now);
        break;
    case TURN_LONG:
    case TURN_NEWS:
        send(unit, cmd);
        break;
    }
}

/*
 * tgtd needs two turns of its loop to see that a connection was reset: the first read fails, the
 * second finds the end. A command of another initiator that was sent after the reset may come in
 * between, and would meet a lock whose owner is gone. So where a unit has several nexuses, a
 * command waits until the loop has gone round once: it comes in as fresh, is ripe at the top of the
 * next turn and is executed at the top of the one after.
 */
static struct {
    struct tgt_list fresh, ripe;
    struct tgt_event event;
} waiting = {.fresh = {&waiting.fresh, &waiting.fresh}, .ripe = {&waiting.ripe, &waiting.ripe}};

static void take_up_ripe(struct tgt_event *event)
{
    struct tgt_list ripe;

    list_move_all(&waiting.ripe, &ripe);
    list_move_all(&waiting.fresh, &waiting.ripe);
    if (!list_is_empty(&waiting.ripe))
        tgt_add_sched_event(event);
    while (!list_is_empty(&ripe)) {
        struct tgt_cmd *cmd = LIST_OWNER(ripe.next, struct tgt_cmd, queue_link);

        list_remove(&cmd->queue_link);
        take_up(cmd);
    }
}

static bool anything_waits(void)
{
    return !list_is_empty(&waiting.fresh) || !list_is_empty(&waiting.ripe);
}

static void take_up_later(struct tgt_cmd *cmd)
{
    if (!waiting.event.handler)
        tgt_init_sched_event(&waiting.event, take_up_ripe, NULL);
    list_insert_after(waiting.fresh.prev, &cmd->queue_link);
    tgt_add_sched_event(&waiting.event);
}

static bool has_several_nexuses(const struct tgt_unit *tgt)
{
    const struct tgt_list *first = tgt->nexuses.next;

    return first != &tgt->nexuses && first->next != &tgt->nexuses;
}

/* ---- tgt's door ---- */

static int perform(int tid, struct tgt_cmd *cmd)
{
    (void)tid;
    /* task management looks for commands on this list, and ends by itself those not "processed" */
    list_insert_after(&cmd->nexus->commands, &cmd->nexus_link);
    cmd->state |= TGT_STATE_PROCESSED;
    cmd->unit->active_commands++;
    set_in_length(&cmd->in, 0, 0);
    if (cmd->nexus_unit)
        drop_tgt_attentions(cmd);
    if (anything_waits() || has_several_nexuses(cmd->unit))
        take_up_later(cmd);
    else
        take_up(cmd);
    return 0;
}

static void done(struct tgt_target *target, struct tgt_cmd *cmd)
{
    (void)target;
    list_remove(&cmd->nexus_link);
    cmd->unit->active_commands--;
}

void command_attach(struct tgt_unit *tgt)
{
    tgt->perform = perform;
    tgt->done = done;
}

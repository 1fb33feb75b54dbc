/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

#include "clock.h"
#include "connection.h"
#include "held.h"
#include "list.h"
#include "loop.h"
#include "nexuses.h"
#include "portal.h"

/* A lost nexus shall be noticed within a second, with nobody sending a command. */
enum { SCAN_EVERY_US = 400000 };
enum { DEVICE_TYPE_CD = 0x05, CDB_BYTES = 16 };

struct unit {
    struct unit *next;
    struct tgt_unit *tgt;
    unsigned number; /* from 1, in the order in which they were made */
    struct powered drive;
    bool powerless; /* its power has failed: from then on there is no such unit */
    struct nexuses nexuses;
};

static struct unit *units; /* one thread: tgtd's */
static unsigned units_made;

/* ---- logical units that are not there (SPC-3 6.4.1, 6.27; SAM-3 4.9.4) ---- */

static size_t put_in(struct vcdr_command *command, const uint8_t *data, size_t len,
                     size_t allocation)
{
    if (len > allocation)
        len = allocation;
    if (len > command->in_size)
        len = command->in_size;
    if (len > 0)
        memcpy(command->in, data, len);
    return len;
}

static void set_fixed_sense(uint8_t sense[VCDR_SENSE_BYTES], uint32_t key_asc_ascq)
{
    memset(sense, 0, VCDR_SENSE_BYTES);
    sense[0] = 0x70;
    sense[2] = (uint8_t)(key_asc_ascq >> 16);
    sense[7] = VCDR_SENSE_BYTES - 8;
    sense[12] = (uint8_t)(key_asc_ascq >> 8);
    sense[13] = (uint8_t)key_asc_ascq;
}

static void absent_inquiry(struct vcdr_command *command)
{
    /* peripheral qualifier 011b, device type 1Fh: no such unit */
    uint8_t data[36] = {0x7F, 0x00, 0x05, 0x02, sizeof(data) - 5};
    size_t len = sizeof(data);

    if (command->cdb[1] & 0x01) { /* EVPD: an empty page of that code */
        memset(data + 1, 0, sizeof(data) - 1);
        data[1] = command->cdb[2];
        len = 4;
    }
    command->in_len = put_in(command, data, len, (size_t)command->cdb[3] << 8 | command->cdb[4]);
    command->status = SAM_GOOD;
}

static void absent_unit(struct unit *unit, struct vcdr_command *command, struct vcdr_time now)
{
    uint8_t sense[VCDR_SENSE_BYTES];

    set_fixed_sense(sense, SENSE_LOGICAL_UNIT_NOT_SUPPORTED);
    switch (command->cdb[0]) {
    case OP_INQUIRY:
        absent_inquiry(command);
        return;
    case OP_REPORT_LUNS: /* any unit, also one that is not there, answers for the whole target */
        if (!unit->drive.target.ops)
            break;
        unit->drive.target.ops->execute(unit->drive.target.ctx, command, now);
        return;
    case OP_REQUEST_SENSE:
        command->in_len = put_in(command, sense, sizeof(sense), command->cdb[4]);
        command->status = SAM_GOOD;
        return;
    }
    command->status = SAM_CHECK_CONDITION;
    memcpy(command->sense, sense, sizeof(sense));
    command->sense_len = sizeof(sense);
}

/* ---- one command ---- */

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

static void scan(struct unit *unit, struct vcdr_time now)
{
    uint64_t known = unit->nexuses.ids;

    nexuses_scan(&unit->nexuses, unit->tgt, unit->drive.target, now);
    if (unit->nexuses.ids != known)
        portal_nexus_came();
}

static void serve(struct unit *unit, struct tgt_cmd *cmd, struct vcdr_command *command,
                  struct vcdr_time now)
{
    struct vcdr_target target = unit->drive.target;

    scan(unit, now);
    loop_wake_by(now.us + SCAN_EVERY_US);
    command->nexus = nexuses_id(&unit->nexuses, cmd->nexus_unit);
    if (command->nexus == 0) /* no memory to announce it */
        command->status = SAM_BUSY;
    else if (cmd->wanted_lun != unit->tgt->lun)
        absent_unit(unit, command, now);
    else
        target.ops->execute(target.ctx, command, now);
    loop_wake_by(target.ops->next_deadline(target.ctx));
}

/* A drive without power is nobody's target any more: its initiators see their connections end. */
static void fail_power(struct unit *unit)
{
    struct tgt_list *nexuses = &unit->tgt->nexuses;

    unit_power_off(unit->tgt);
    unit->powerless = true;
    for (struct tgt_list *at = nexuses->next; at != nexuses; at = at->next)
        connection_cut(unit->tgt->target,
                       LIST_OWNER(at, struct tgt_nexus_unit, unit_link)->nexus_id);
}

static void hold(struct tgt_cmd *cmd, uint8_t status, uint64_t due_us)
{
    if (held_keep(cmd, status, due_us))
        target_cmd_io_done(cmd, status);
    else
        loop_wake_by(clock_now().us); /* held_tick says from then on when to come again */
}

/* The drive has executed the command, or a fault has kept it from that. */
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
        fail_power(unit);
        hold(cmd, SAM_TASK_ABORTED, VCDR_NO_DEADLINE);
        break;
    }
}

static void execute(struct tgt_cmd *cmd)
{
    struct unit *unit = cmd->unit->private_data;
    struct vcdr_command command = command_of(cmd);
    struct vcdr_time now = clock_now();

    loop_wake_by(held_tick(now)); /* a lost nexus that a held command keeps goes before this one */
    if (cmd->task_management || connection_is_closed(cmd))
        command.status = SAM_TASK_ABORTED;
    else if (unit->powerless)
        absent_unit(unit, &command, now);
    else if (unit->drive.target.ops && cmd->nexus_unit)
        serve(unit, cmd, &command, now);
    else
        command.status = SAM_BUSY;
    conclude(unit, cmd, &command, now);
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

static void execute_ripe(struct tgt_event *event)
{
    struct tgt_list ripe;

    list_move_all(&waiting.ripe, &ripe);
    list_move_all(&waiting.fresh, &waiting.ripe);
    if (!list_is_empty(&waiting.ripe))
        tgt_add_sched_event(event);
    while (!list_is_empty(&ripe)) {
        struct tgt_cmd *cmd = LIST_OWNER(ripe.next, struct tgt_cmd, queue_link);

        list_remove(&cmd->queue_link);
        execute(cmd);
    }
}

static bool anything_waits(void)
{
    return !list_is_empty(&waiting.fresh) || !list_is_empty(&waiting.ripe);
}

static void execute_later(struct tgt_cmd *cmd)
{
    if (!waiting.event.handler)
        tgt_init_sched_event(&waiting.event, execute_ripe, NULL);
    list_insert_after(waiting.fresh.prev, &cmd->queue_link);
    tgt_add_sched_event(&waiting.event);
}

static bool has_several_nexuses(const struct tgt_unit *tgt)
{
    const struct tgt_list *first = tgt->nexuses.next;

    return first != &tgt->nexuses && first->next != &tgt->nexuses;
}

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
        execute_later(cmd);
    else
        execute(cmd);
    return 0;
}

static void done(struct tgt_target *target, struct tgt_cmd *cmd)
{
    (void)target;
    list_remove(&cmd->nexus_link);
    cmd->unit->active_commands--;
}

/* ---- life ---- */

int unit_attach(struct tgt_unit *tgt)
{
    struct unit *unit = calloc(1, sizeof(*unit));

    if (!unit)
        return VCDR_ENOMEM;
    unit->tgt = tgt;
    unit->number = ++units_made;
    unit->next = units;
    units = unit;
    tgt->private_data = unit;
    tgt->perform = perform;
    tgt->done = done;
    tgt->device_type = DEVICE_TYPE_CD;
    tgt->removable = 1;
    tgt->online = 1;
    return 0;
}

int unit_power_on(struct tgt_unit *tgt, const struct power_settings *settings, const char **thing)
{
    struct unit *unit = tgt->private_data;

    *thing = "drive";
    if (unit->drive.target.ops)
        return VCDR_EBUSY;
    return power_on(settings, &unit->drive, thing);
}

bool unit_is_on(const struct tgt_unit *tgt)
{
    const struct unit *unit = tgt->private_data;

    return unit->drive.target.ops != NULL;
}

void unit_power_off(struct tgt_unit *tgt)
{
    struct unit *unit = tgt->private_data;

    power_off(&unit->drive);
    nexuses_clear(&unit->nexuses);
}

void unit_detach(struct tgt_unit *tgt)
{
    struct unit *unit = tgt->private_data, **link = &units;

    unit_power_off(tgt);
    while (*link != unit)
        link = &(*link)->next;
    *link = unit->next;
    tgt->private_data = NULL;
    free(unit);
}

static uint64_t tick(struct unit *unit, struct vcdr_time now)
{
    struct vcdr_target target = unit->drive.target;
    uint64_t deadline, next_scan = VCDR_NO_DEADLINE;

    if (!target.ops)
        return VCDR_NO_DEADLINE;
    scan(unit, now);
    if (unit->nexuses.count > 0)
        next_scan = now.us + SCAN_EVERY_US;
    deadline = target.ops->next_deadline(target.ctx);
    if (deadline <= now.us) {
        target.ops->advance(target.ctx, now);
        deadline = target.ops->next_deadline(target.ctx);
    }
    return deadline < next_scan ? deadline : next_scan;
}

uint64_t units_tick(struct vcdr_time now)
{
    uint64_t wake = held_tick(now);

    for (struct unit *unit = units; unit; unit = unit->next) {
        uint64_t wanted = tick(unit, now);

        if (wanted < wake)
            wake = wanted;
    }
    return wake;
}

void units_power_off(void)
{
    for (struct unit *unit = units; unit; unit = unit->next)
        unit_power_off(unit->tgt);
}

void units_each(void (*visit)(struct tgt_unit *tgt))
{
    for (struct unit *unit = units; unit; unit = unit->next)
        visit(unit->tgt);
}

int units_add_fault(const struct vcdr_fault_rule *rule)
{
    int result = VCDR_ENOENT;

    for (struct unit *unit = units; unit; unit = unit->next) {
        if (!unit->drive.target.ops || (rule->drive != 0 && rule->drive != unit->number))
            continue;
        result = vcdr_faults_add(unit->drive.faults, rule);
        if (result)
            break;
    }
    return result;
}

void units_clear_faults(void)
{
    for (struct unit *unit = units; unit; unit = unit->next) {
        if (unit->drive.target.ops)
            vcdr_faults_clear(unit->drive.faults);
    }
}

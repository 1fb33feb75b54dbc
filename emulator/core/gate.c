/* SPDX-License-Identifier: MIT */
/*
 * The gate: all that a command must pass before its handler, in one order, and what becomes of its
 * answer. Policy stands in the rows of table.c and is checked here, once.
 */
#include "core.h"
#include "at_once.h"

/* SAM-3 5.2: the last byte of a CDB. Bits 7-6 are the vendor's; READ TOC has a use for them. */
enum { CONTROL_NACA = 0x04, CONTROL_LINK = 0x01 };

void limit_in(struct command *c, size_t allocation)
{
    if (allocation < c->in.room)
        c->in.room = allocation;
    c->in_limit = allocation;
}

static bool conflicts(const struct command *c, const struct row *row)
{
    if (!exclusive_held_by_other(c->drive, c->nexus))
        return false;
    if (row->flags & ROW_DURING_EXCLUSIVE)
        return false;
    return !(row->flags & ROW_EXCLUSIVE_ASK) || !row->exempt(c);
}

static uint32_t pass(struct command *c, const struct row *row)
{
    uint32_t sense;

    if (conflicts(c, row)) { /* before the unit attention, which stays pending (SPC-2 5.5.1) */
        c->conflict = true;
        return SENSE_NONE;
    }
    if (persistent_conflicts(c, row)) {
        c->conflict = c->conflict_persistent = true;
        return SENSE_NONE;
    }
    if (!(row->flags & ROW_KEEPS_ATTENTION)) {
        sense = attention_take(c->nexus);
        if (sense != SENSE_NONE)
            return sense;
    }
    if (c->cdb[row->cdb_length - 1] & (CONTROL_NACA | CONTROL_LINK))
        return SENSE_INVALID_FIELD_IN_CDB;
    if (work_busy(c->drive) && !(row->flags & ROW_WHILE_BUSY))
        return work_sense(c->drive);
    if (row->flags & ROW_NEEDS_MEDIUM) {
        sense = medium_sense(c->drive);
        if (sense != SENSE_NONE)
            return sense;
    }
    if ((row->flags & ROW_NOT_WHILE_WRITING) && c->drive->write_state != WRITE_STATE_IDLE)
        return SENSE_COMMAND_SEQUENCE_ERROR;
    if (row->flags & ROW_RECORDS) {
        sense = buffer_underrun_take(c->drive);
        if (sense == SENSE_NONE)
            sense = rehearsal_begin(c->drive);
        if (sense != SENSE_NONE)
            return sense;
    }
    return row->handler(c);
}

/* Data of a direction that the command does not have is not there for its handler: an initiator
 * that sends or awaits some gets the residual that the front end counts. */
static void keep_direction(struct command *c, const struct row *row)
{
    if (row->direction != DIRECTION_OUT)
        c->out_len = 0;
    if (row->direction != DIRECTION_IN)
        c->in.room = 0;
}

static void answer(const struct command *c, uint32_t sense, struct vcdr_command *command)
{
    command->outcome = VCDR_ANSWERED;
    command->in_len = 0;
    command->in_wanted = 0;
    command->sense_len = 0;
    if (c->conflict) {
        command->status = SAM_RESERVATION_CONFLICT;
        exclusive_denied(c);
    } else if (sense != SENSE_NONE) {
        command->status = SAM_CHECK_CONDITION;
        sense_put(command->sense, sense, c->information_valid ? &c->information : NULL);
        command->sense_len = VCDR_SENSE_BYTES;
    } else {
        command->status = SAM_GOOD;
        command->in_len = c->in.len < c->in.room ? c->in.len : c->in.room;
        command->in_wanted = c->in.len < c->in_limit ? c->in.len : c->in_limit;
    }
}

void gate_execute(struct vcdr_drive *drive, struct vcdr_command *command)
{
    const struct row *row = row_of(command->cdb[0]);
    struct command c = {
        .drive = drive,
        .nexus = nexus_find(drive, command->nexus),
        .cdb = command->cdb,
        .out = command->out,
        .out_len = command->out_len,
        .in = {.buf = command->in, .room = command->in_size},
        .in_limit = SIZE_MAX,
    };
    uint32_t sense;
    uint64_t takes_us;

    if (c.nexus == NULL) { /* the front end's fault; no nexus, so nothing to put in the record */
        answer(&c, SENSE_INTERNAL_TARGET_FAILURE, command);
        return;
    }
    if (!c.nexus->opened) {
        c.nexus->opened = true;
        event_nexus(drive, "nexus-open", c.nexus);
    }
    if (row != NULL) {
        keep_direction(&c, row);
        sense = pass(&c, row);
    } else {
        sense = SENSE_INVALID_OPCODE;
    }
    answer(&c, sense, command);
    takes_us = work_begin(drive);
    if (takes_us != 0 && !(c.cdb[1] & row->immed)) {
        command->outcome = VCDR_DELAYED;
        command->delay_us = takes_us;
    }
    if (drive->record_commands)
        event_command(drive, c.nexus, row, command, takes_us);
}

/* Blocks go where a track or a session has been opened, which the disc's log says already. */
static bool written_on(const struct vcdr_drive *drive)
{
    return drive->disc != NULL && (vcdr_disc_info(drive->disc)->open_track != 0 ||
                                   (drive->at_once != NULL && at_once_on_disc(drive)));
}

bool gate_may_wait(const struct vcdr_drive *drive, const struct vcdr_command *command)
{
    const struct row *row = command != NULL ? row_of(command->cdb[0]) : NULL;

    if (command == NULL) /* what is begun is brought to an end for a nexus, or is given up */
        return drive->write_state != WRITE_STATE_IDLE || drive->packet_writer != NULL ||
               drive->at_once != NULL;
    if (row == NULL)
        return false;
    if (row->flags & ROW_MAY_WAIT)
        return true;
    return (row->flags & ROW_MAY_WAIT_FIRST) && !written_on(drive);
}

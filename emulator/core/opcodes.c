/* SPDX-License-Identifier: MIT */
/*
 * REPORT SUPPORTED OPERATION CODES (SPC-3 6.23): the rows of table.c as a host asks for them, all
 * or one by one, and which bits of each CDB are looked at.
 */
#include "core.h"

#include <string.h>

enum {
    SERVICE_ACTION = 0x1F,
    CDB_ROOM = 12, /* no command of this drive is longer */
    OPTION_ALL = 0,
    OPTION_CODE = 1,   /* a code that has no service actions */
    OPTION_ACTION = 2, /* a code and its service action */
    OPTION_EITHER = 3, /* of SPC-4 */
    OPTION_MASK = 0x07,
    RETURN_TIMEOUTS = 0x80, /* RCTD */
    HAS_ACTIONS = 0x01,     /* SERVACTV */
    ALL_HAS_TIMEOUTS = 0x02,
    ONE_HAS_TIMEOUTS = 0x80,
    TIMEOUTS_BYTES = 12,
    SUPPORT_NONE = 1,
    SUPPORT_STANDARD = 3,
};

/* Bits that are looked at are 1; bits that have to be 0 are 0. Byte 0 is the operation code, and
 * byte 1 of a command with service actions holds the action in place of its bits. */
static const uint8_t usage[256][CDB_ROOM] = {
    [OP_TEST_UNIT_READY] = {0x00},
    [OP_REQUEST_SENSE] = {0x03, 0, 0, 0, 0xFF},
    [OP_INQUIRY] = {0x12, 0x01, 0xFF, 0xFF, 0xFF},
    [OP_MODE_SELECT_6] = {0x15, 0x10, 0, 0, 0xFF},
    [OP_RESERVE_6] = {0x16},
    [OP_RELEASE_6] = {0x17},
    [OP_MODE_SENSE_6] = {0x1A, 0, 0xFF, 0xFF, 0xFF},
    [OP_START_STOP_UNIT] = {0x1B, 0x01, 0, 0, 0xF3},
    [OP_PREVENT_ALLOW] = {0x1E, 0, 0, 0, 0x03},
    [OP_READ_FORMAT_CAPACITIES] = {0x23, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_READ_CAPACITY] = {0x25},
    [OP_READ_10] = {0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
    [OP_WRITE_10] = {0x2A, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
    [OP_SEEK_10] = {0x2B, 0, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_SYNCHRONIZE_CACHE] = {0x35, 0x02},
    [OP_READ_SUB_CHANNEL] = {0x42, 0x02, 0x40, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF},
    [OP_READ_TOC] = {0x43, 0x02, 0x0F, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xC0},
    [OP_GET_CONFIGURATION] = {0x46, 0x03, 0xFF, 0xFF, 0, 0, 0, 0xFF, 0xFF},
    [OP_GET_EVENT_STATUS] = {0x4A, 0x01, 0, 0, 0xFF, 0, 0, 0xFF, 0xFF},
    [OP_LOG_SENSE] = {0x4D, 0, 0xFF, 0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_READ_DISC_INFORMATION] = {0x51, 0x07, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_READ_TRACK_INFORMATION] = {0x52, 0x03, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
    [OP_RESERVE_TRACK] = {0x53, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_SEND_OPC] = {0x54, 0x01, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_MODE_SELECT_10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_RESERVE_10] = {0x56},
    [OP_RELEASE_10] = {0x57},
    [OP_REPAIR_TRACK] = {0x58, 0x01, 0, 0, 0xFF, 0xFF},
    [OP_MODE_SENSE_10] = {0x5A, 0, 0xFF, 0xFF, 0, 0, 0, 0xFF, 0xFF},
    [OP_CLOSE_TRACK_SESSION] = {0x5B, 0x01, 0x07, 0, 0xFF, 0xFF},
    [OP_READ_BUFFER_CAPACITY] = {0x5C, 0x01, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_SEND_CUE_SHEET] = {0x5D, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF},
    [OP_PERSISTENT_RESERVE_IN] = {0x5E, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_PERSISTENT_RESERVE_OUT] = {0x5F, 0, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_REPORT_LUNS] = {0xA0, 0, 0xFF, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_BLANK] = {0xA1, 0x17, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_MAINTENANCE_IN] = {0xA3, 0, 0x87, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_READ_12] = {0xA8, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_WRITE_12] = {0xAA, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_GET_PERFORMANCE] = {0xAC, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF},
    [OP_SET_STREAMING] = {0xB6, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF},
    [OP_READ_CD_MSF] = {0xB9, 0x1C, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0x07},
    [OP_SET_CD_SPEED] = {0xBB, 0, 0xFF, 0xFF, 0xFF, 0xFF},
    [OP_MECHANISM_STATUS] = {0xBD, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
    [OP_READ_CD] = {0xBE, 0x1C, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0x07},
};

/* How many service actions, from which on; 0: the code has none. */
struct actions {
    uint8_t opcode, first, count;
};
static const struct actions actions[] = {
    {OP_PERSISTENT_RESERVE_IN, PERSISTENT_READ_KEYS, 4},
    {OP_PERSISTENT_RESERVE_OUT, PERSISTENT_REGISTER, 7},
    {OP_MAINTENANCE_IN, MAINTENANCE_IN_REPORT_OPCODES, 1},
};

static struct actions actions_of(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (actions[i].opcode == opcode)
            return actions[i];
    }
    return (struct actions){opcode, 0, 0};
}

/* None is known for any command: a drive that is as fast as its host's store makes no promise. */
static void put_timeouts(struct writer *w)
{
    writer_be16(w, TIMEOUTS_BYTES - 2);
    writer_zero(w, TIMEOUTS_BYTES - 2);
}

static void put_all_one(struct writer *w, uint8_t opcode, const struct row *row, bool has_action,
                        uint8_t action, bool timeouts)
{
    writer_u8(w, opcode);
    writer_u8(w, 0);
    writer_be16(w, action);
    writer_u8(w, 0);
    writer_u8(w, (uint8_t)((has_action ? HAS_ACTIONS : 0) | (timeouts ? ALL_HAS_TIMEOUTS : 0)));
    writer_be16(w, row->cdb_length);
    if (timeouts)
        put_timeouts(w);
}

static void report_all(struct command *c, bool timeouts)
{
    writer_be32(&c->in, 0); /* length, below */
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        const struct row *row = row_of((uint8_t)opcode);
        struct actions of = actions_of((uint8_t)opcode);

        if (row == NULL)
            continue;
        for (unsigned i = 0; i < of.count; i++)
            put_all_one(&c->in, (uint8_t)opcode, row, true, (uint8_t)(of.first + i), timeouts);
        if (of.count == 0)
            put_all_one(&c->in, (uint8_t)opcode, row, false, 0, timeouts);
    }
    writer_patch32(&c->in, 0, (uint32_t)(c->in.len - 4));
}

static bool has_action(struct actions of, uint16_t action)
{
    if (of.count == 0)
        return action == 0;
    return action >= of.first && action < of.first + of.count;
}

static uint32_t report_one(struct command *c, unsigned option, bool timeouts)
{
    uint8_t opcode = c->cdb[3];
    uint16_t action = get_be16(c->cdb + 4);
    const struct row *row = row_of(opcode);
    static const uint8_t none[4] = {0, SUPPORT_NONE};
    struct actions of = actions_of(opcode);
    uint8_t bits[CDB_ROOM];

    if (option == OPTION_CODE && row != NULL && of.count > 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (option == OPTION_ACTION && row != NULL && of.count == 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (row == NULL || (option != OPTION_CODE && !has_action(of, action))) {
        writer_put(&c->in, none, sizeof(none));
        return SENSE_NONE;
    }
    memcpy(bits, usage[opcode], CDB_ROOM);
    if (of.count > 0)
        bits[1] = (uint8_t)action;
    writer_u8(&c->in, 0);
    writer_u8(&c->in, SUPPORT_STANDARD | (timeouts ? ONE_HAS_TIMEOUTS : 0));
    writer_be16(&c->in, row->cdb_length);
    writer_put(&c->in, bits, row->cdb_length);
    if (timeouts)
        put_timeouts(&c->in);
    return SENSE_NONE;
}

uint32_t maintenance_in(struct command *c)
{
    unsigned option = c->cdb[2] & OPTION_MASK;
    bool timeouts = c->cdb[2] & RETURN_TIMEOUTS;

    if ((c->cdb[1] & SERVICE_ACTION) != MAINTENANCE_IN_REPORT_OPCODES)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (option > OPTION_EITHER)
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, get_be32(c->cdb + 6));
    if (option != OPTION_ALL)
        return report_one(c, option, timeouts);
    report_all(c, timeouts);
    return SENSE_NONE;
}

/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "measure/initiator.h"

enum { SESSIONS = 3 };

struct wire {
    char url[256];
    bool broken;
    struct {
        uint64_t id;
        struct initiator *initiator;
    } session[SESSIONS];
};

static int wire_nexus_open(void *ctx, uint64_t id, const char *initiator, const char *port,
                           const char *alias, struct vcdr_time now)
{
    struct wire *wire = ctx;

    (void)port;
    (void)alias;
    (void)now;
    for (unsigned i = 0; i < SESSIONS; i++) {
        if (wire->session[i].initiator)
            continue;
        wire->session[i].id = id;
        wire->session[i].initiator = initiator_open(wire->url, initiator, NULL);
        return wire->session[i].initiator ? VCDR_OK : VCDR_EIO;
    }
    return VCDR_ENOMEM;
}

static struct initiator **find(struct wire *wire, uint64_t id)
{
    for (unsigned i = 0; i < SESSIONS; i++)
        if (wire->session[i].initiator && wire->session[i].id == id)
            return &wire->session[i].initiator;
    return NULL;
}

static void wire_nexus_close(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct initiator **initiator = find(ctx, id);

    (void)now;
    if (!initiator)
        return;
    initiator_hang_up(*initiator);
    *initiator = NULL;
}

static void wire_reset(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct initiator **initiator = find(ctx, id);

    (void)now;
    if (initiator)
        (void)initiator_reset_unit(*initiator);
}

/* How many bytes a command of the walk's may bring. */
static size_t expected_in(const uint8_t *cdb)
{
    unsigned blocks = (unsigned)cdb[7] << 8 | cdb[8];

    switch (cdb[0]) {
    case 0x28: /* READ(10) */
        return blocks * (size_t)2048;
    case 0xBE: /* READ CD */
        return ((unsigned)cdb[6] << 16 | blocks) * (size_t)2352;
    case 0x25: /* READ CAPACITY */
        return 8;
    case 0x03: /* REQUEST SENSE */
        return cdb[4];
    case 0x43: /* those with an allocation length in bytes 7 and 8 */
    case 0x46:
    case 0x4A:
    case 0x4D:
    case 0x51:
    case 0x52:
    case 0x5A:
        return blocks < 2048 ? blocks : 2048;
    default:
        return 0;
    }
}

static size_t cdb_length(uint8_t opcode)
{
    if (opcode < 0x20)
        return 6;
    return opcode < 0x80 ? 10 : 12;
}

static void wire_execute(void *ctx, struct vcdr_command *command, struct vcdr_time now)
{
    struct wire *wire = ctx;
    struct initiator **initiator = find(wire, command->nexus);
    struct reply reply = {.status = -1};

    (void)now;
    if (initiator)
        reply = initiator_execute(*initiator, 0, command->cdb, cdb_length(command->cdb[0]),
                                  command->out, command->out_len, command->in,
                                  expected_in(command->cdb));
    wire->broken = wire->broken || reply.status < 0;
    command->status = reply.status < 0 ? 0xEE : (uint8_t)reply.status;
    command->in_len = command->status == 0 ? reply.in_len : 0;
    command->sense_len = 0;
    if (command->status != 2)
        return;
    memset(command->sense, 0, sizeof(command->sense));
    command->sense[0] = 0x70;
    command->sense[2] = (uint8_t)(reply.sense >> 16);
    command->sense[12] = (uint8_t)(reply.sense >> 8);
    command->sense[13] = (uint8_t)reply.sense;
    command->sense_len = sizeof(command->sense);
}

static uint64_t wire_next_deadline(void *ctx)
{
    (void)ctx;
    return VCDR_NO_DEADLINE;
}

static void wire_advance(void *ctx, struct vcdr_time now)
{
    (void)ctx;
    (void)now;
}

static void wire_power_off(void *ctx, struct vcdr_time now)
{
    struct wire *wire = ctx;

    (void)now;
    for (unsigned i = 0; i < SESSIONS; i++)
        if (wire->session[i].initiator)
            initiator_hang_up(wire->session[i].initiator);
    free(wire);
}

static const struct vcdr_target_ops wire_ops = {
    .nexus_open = wire_nexus_open,
    .nexus_close = wire_nexus_close,
    .reset = wire_reset,
    .execute = wire_execute,
    .next_deadline = wire_next_deadline,
    .advance = wire_advance,
    .power_off = wire_power_off,
};

struct vcdr_target wire_target(const char *url)
{
    struct wire *wire = calloc(1, sizeof(*wire));

    if (!wire)
        abort();
    strncpy(wire->url, url, sizeof(wire->url) - 1);
    return (struct vcdr_target){&wire_ops, wire};
}

bool wire_broken(struct vcdr_target target)
{
    const struct wire *wire = target.ctx;

    return wire->broken;
}

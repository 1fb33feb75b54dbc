/* SPDX-License-Identifier: MIT */
/* The embedded transport: a drive in this process. A task is executed within its submission. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/embedded.h>
#include "api/transport/backend.h"
#include "api/transport/url.h"

#define CHUNK_BYTES (256 * 1024)
#define MOST_BYTES (16 * 1024 * 1024)

static enum transport_result start(void *ctx, struct transport_task *task)
{
    struct vcdr_command command = {
        .out = task->out,
        .out_len = task->out_len,
        .in = task->in,
        .in_size = task->in_size,
    };

    memcpy(command.cdb, task->cdb, task->cdb_len);
    vcdr_embedded_execute(ctx, &command);
    task->status = command.status;
    task->in_len = command.in_len < task->in_size ? command.in_len : task->in_size;
    task->sense_len =
        command.sense_len < sizeof(task->sense) ? command.sense_len : sizeof(task->sense);
    memcpy(task->sense, command.sense, task->sense_len);
    task->done = true;
    return TRANSPORT_OK;
}

static void abandon(void *ctx)
{
    (void)ctx; /* a drive in this process cannot be cut off */
}

static void close_nexus(void *ctx)
{
    vcdr_embedded_close(ctx);
}

static void forked(void *ctx)
{
    (void)ctx; /* the drive is the parent's; the child has a dead copy of its memory */
}

static const struct transport_backend_ops ops = {
    .start = start,
    .abandon = abandon,
    .close = close_nexus,
    .forked = forked,
};

static enum transport_result result_of(int error)
{
    switch (error) {
    case VCDR_ENOMEM:
        return TRANSPORT_NO_MEMORY;
    case VCDR_EACCESS:
    case VCDR_EBUSY:
        return TRANSPORT_REFUSED;
    default: /* negative values of another door: whatever it was, there is no such drive */
        return TRANSPORT_NO_DEVICE;
    }
}

enum transport_result embedded_backend_open(const struct transport_url *url, const char *name,
                                            struct transport_backend *out, char **why)
{
    const char *initiator = getenv("VCDR_INITIATOR");
    struct vcdr_embedded_options options = {
        .disc = url->disc,
        .initiator = initiator && initiator[0] ? initiator : NULL,
        .alias = name,
    };
    struct vcdr_embedded *nexus;
    int error = vcdr_embedded_open(&options, &nexus);

    if (error != VCDR_OK) {
        return transport_explain(result_of(error), why, "%s: %s", url->disc ? url->disc : "no disc",
                                 vcdr_strerror(error));
    }
    *out = (struct transport_backend){
        .ops = &ops,
        .ctx = nexus,
        .ordered_bytes = CHUNK_BYTES,
        .max_transfer = MOST_BYTES,
        .depth = 1,
    };
    return TRANSPORT_OK;
}

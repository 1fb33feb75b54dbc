/* SPDX-License-Identifier: MIT */
/* The embedded transport: a drive in this process. A task is executed within its submission. Where
 * a fault keeps back its answer, the task ends as it would over a wire, without the waiting. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/embedded.h>
#include "api/transport/backend.h"
#include "api/transport/url.h"

#define CHUNK_BYTES (256 * 1024)
#define MOST_BYTES (16 * 1024 * 1024)

struct session {
    struct vcdr_embedded *nexus; /* NULL once abandoned */
};

/* The task's time is over; so is, as on a wire, the session's. */
static enum transport_result time_out(struct transport_task *task)
{
    task->deadline_ms = transport_now_ms();
    return TRANSPORT_LOST;
}

static bool comes_in_time(const struct transport_task *task, uint64_t delay_us)
{
    unsigned timeout_ms = task->timeout_ms ? task->timeout_ms : TRANSPORT_TASK_MS;

    return delay_us / 1000 < timeout_ms;
}

static void take_answer(const struct vcdr_command *command, struct transport_task *task)
{
    task->status = command->status;
    task->in_len = command->in_len < task->in_size ? command->in_len : task->in_size;
    task->sense_len =
        command->sense_len < sizeof(task->sense) ? command->sense_len : sizeof(task->sense);
    memcpy(task->sense, command->sense, task->sense_len);
    task->done = true;
}

static enum transport_result start(void *ctx, struct transport_task *task)
{
    struct session *session = ctx;
    struct vcdr_command command = {
        .out = task->out,
        .out_len = task->out_len,
        .in = task->in,
        .in_size = task->in_size,
    };

    memcpy(command.cdb, task->cdb, task->cdb_len);
    vcdr_embedded_execute(session->nexus, &command);
    switch (command.outcome) {
    case VCDR_ANSWERED:
        break;
    case VCDR_DELAYED:
        if (!comes_in_time(task, command.delay_us)) {
            return time_out(task);
        }
        break;
    case VCDR_UNANSWERED:
        return time_out(task);
    case VCDR_CUT:
    case VCDR_POWERLESS:
        return TRANSPORT_LOST;
    }
    take_answer(&command, task);
    return TRANSPORT_OK;
}

static void abandon(void *ctx)
{
    struct session *session = ctx;

    vcdr_embedded_close(session->nexus);
    session->nexus = NULL;
}

static void close_session(void *ctx)
{
    abandon(ctx);
    free(ctx);
}

static void forked(void *ctx)
{
    (void)ctx; /* the drive is the parent's; the child has a dead copy of its memory */
}

static const struct transport_backend_ops ops = {
    .start = start,
    .abandon = abandon,
    .close = close_session,
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
    struct session *session = malloc(sizeof(*session));
    int error = session ? vcdr_embedded_open(&options, &session->nexus) : VCDR_ENOMEM;

    if (error != VCDR_OK) {
        free(session);
        return transport_explain(result_of(error), why, "%s", vcdr_strerror(error));
    }
    *out = (struct transport_backend){
        .ops = &ops,
        .ctx = session,
        .ordered_bytes = CHUNK_BYTES,
        .max_transfer = MOST_BYTES,
        .depth = 1,
    };
    return TRANSPORT_OK;
}

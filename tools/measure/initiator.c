/* SPDX-License-Identifier: MIT */
#include "initiator.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

enum { TIMEOUT_S = 20 };

struct initiator {
    struct iscsi_context *iscsi;
    unsigned lun;
};

static const char *keep(const char *text)
{
    static char kept[512];

    snprintf(kept, sizeof(kept), "%s", text);
    return kept;
}

struct initiator *initiator_open_chap(const char *url, const char *name, const char *user,
                                      const char *secret, const char **why)
{
    struct initiator *initiator = calloc(1, sizeof(*initiator));
    struct iscsi_url *parsed = NULL;
    char iqn[256];

    snprintf(iqn, sizeof(iqn), "iqn.2026-11.local.vcdr:%s", name);
    if (initiator)
        initiator->iscsi = iscsi_create_context(iqn);
    if (initiator && initiator->iscsi)
        parsed = iscsi_parse_full_url(initiator->iscsi, url);
    if (!parsed) {
        if (why)
            *why = "no memory, or not a URL";
        goto out;
    }
    initiator->lun = (unsigned)parsed->lun;
    iscsi_set_noautoreconnect(initiator->iscsi, 1);
    iscsi_set_timeout(initiator->iscsi, TIMEOUT_S);
    iscsi_set_alias(initiator->iscsi, name);
    iscsi_set_targetname(initiator->iscsi, parsed->target);
    iscsi_set_session_type(initiator->iscsi, ISCSI_SESSION_NORMAL);
    iscsi_set_header_digest(initiator->iscsi, ISCSI_HEADER_DIGEST_NONE);
    if (user)
        iscsi_set_initiator_username_pwd(initiator->iscsi, user, secret);
    if (iscsi_connect_sync(initiator->iscsi, parsed->portal) == 0 &&
        iscsi_login_sync(initiator->iscsi) == 0) {
        iscsi_destroy_url(parsed);
        return initiator;
    }
    if (why)
        *why = keep(iscsi_get_error(initiator->iscsi));
out:
    if (parsed)
        iscsi_destroy_url(parsed);
    if (initiator && initiator->iscsi)
        iscsi_destroy_context(initiator->iscsi);
    free(initiator);
    return NULL;
}

struct initiator *initiator_open(const char *url, const char *name, const char **why)
{
    return initiator_open_chap(url, name, NULL, NULL, why);
}

void initiator_logout(struct initiator *initiator)
{
    (void)iscsi_logout_sync(initiator->iscsi);
    iscsi_destroy_context(initiator->iscsi);
    free(initiator);
}

int initiator_fd(const struct initiator *initiator)
{
    return iscsi_get_fd(initiator->iscsi);
}

void initiator_hang_up(struct initiator *initiator)
{
    int fd = initiator_fd(initiator), null = open("/dev/null", O_RDWR | O_CLOEXEC);

    dup2(null, fd); /* the socket is gone; libiscsi closes what stands in its place */
    close(null);
    iscsi_destroy_context(initiator->iscsi);
    free(initiator);
}

void initiator_drop(struct initiator *initiator)
{
    struct linger hard = {.l_onoff = 1, .l_linger = 0};

    setsockopt(initiator_fd(initiator), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    initiator_hang_up(initiator);
}

static struct reply reply_of(const struct scsi_task *task, size_t in_size)
{
    struct reply reply = {.status = task->status};

    if (task->status != SCSI_STATUS_GOOD && task->status > 0xFF)
        reply.status = -1;
    if (task->residual_status == SCSI_RESIDUAL_UNDERFLOW)
        reply.residual = (long)task->residual;
    else if (task->residual_status == SCSI_RESIDUAL_OVERFLOW)
        reply.residual = -(long)task->residual;
    reply.in_len = in_size;
    if (reply.residual > 0)
        reply.in_len -= (size_t)reply.residual;
    if (task->status == SCSI_STATUS_CHECK_CONDITION)
        reply.sense = (uint32_t)task->sense.key << 16 | (uint32_t)task->sense.ascq;
    return reply;
}

struct reply initiator_execute(struct initiator *initiator, unsigned lun, const void *cdb,
                               size_t cdb_len, const void *out, size_t out_len, void *in,
                               size_t in_size)
{
    int direction = out_len ? SCSI_XFER_WRITE : in_size ? SCSI_XFER_READ : SCSI_XFER_NONE;
    struct scsi_task *task = scsi_create_task((int)cdb_len, (unsigned char *)cdb, direction,
                                              (int)(out_len ? out_len : in_size));
    struct iscsi_data data = {.data = (unsigned char *)out, .size = out_len};
    struct reply reply = {.status = -1};

    if (!task)
        return reply;
    if (in_size)
        scsi_task_add_data_in_buffer(task, (int)in_size, in);
    if (iscsi_scsi_command_sync(initiator->iscsi, (int)lun, task, out_len ? &data : NULL))
        reply = reply_of(task, in_size);
    scsi_free_scsi_task(task);
    return reply;
}

bool initiator_reset_unit(struct initiator *initiator)
{
    return iscsi_task_mgmt_lun_reset_sync(initiator->iscsi, initiator->lun) == 0;
}

/* Serves the connection once; false when it broke. */
static bool turn(struct initiator *initiator)
{
    struct pollfd fd = {iscsi_get_fd(initiator->iscsi), (short)iscsi_which_events(initiator->iscsi),
                        0};

    return poll(&fd, 1, TIMEOUT_S * 1000) > 0 && iscsi_service(initiator->iscsi, fd.revents) == 0;
}

static void forget(struct iscsi_context *iscsi, int status, void *command_data, void *private)
{
    (void)iscsi;
    (void)status;
    (void)command_data;
    scsi_free_scsi_task(private); /* a cancelled command brings no task */
}

/* Sends all that stands in the queue. */
static bool drain(struct initiator *initiator)
{
    while (iscsi_out_queue_length(initiator->iscsi) > 0) {
        if (iscsi_service(initiator->iscsi, POLLOUT) != 0)
            return false;
    }
    return true;
}

bool initiator_send(struct initiator *initiator, const void *cdb, size_t cdb_len, size_t in_size)
{
    struct scsi_task *task =
        scsi_create_task((int)cdb_len, (unsigned char *)cdb,
                         in_size ? SCSI_XFER_READ : SCSI_XFER_NONE, (int)in_size);

    if (!task)
        return false;
    if (iscsi_scsi_command_async(initiator->iscsi, (int)initiator->lun, task, forget, NULL, task) !=
        0) {
        scsi_free_scsi_task(task);
        return false;
    }
    return drain(initiator);
}

/* ---- task management among commands ---- */

struct end {
    bool done, good;
};

static void on_end(struct iscsi_context *iscsi, int status, void *command_data, void *private)
{
    struct end *end = private;

    (void)iscsi;
    end->done = true;
    end->good = status == SCSI_STATUS_GOOD && command_data &&
                *(const uint32_t *)command_data == ISCSI_TMR_FUNC_COMPLETE;
}

/* The task is ours until the abort is over: libiscsi forgets it at once, but reads its numbers. */
static void leave(struct iscsi_context *iscsi, int status, void *command_data, void *private)
{
    (void)iscsi;
    (void)status;
    (void)command_data;
    (void)private;
}

bool initiator_send_and_abort(struct initiator *initiator, const void *cdb, size_t cdb_len)
{
    struct scsi_task *task =
        scsi_create_task((int)cdb_len, (unsigned char *)cdb, SCSI_XFER_NONE, 0);
    struct end end = {.done = false};
    bool sent;

    if (!task)
        return false;
    sent = iscsi_scsi_command_async(initiator->iscsi, (int)initiator->lun, task, leave, NULL,
                                    NULL) == 0 &&
           drain(initiator) &&
           iscsi_task_mgmt_abort_task_async(initiator->iscsi, task, on_end, &end) == 0;
    while (sent && !end.done)
        sent = turn(initiator);
    scsi_free_scsi_task(task);
    return end.done;
}

struct flood {
    unsigned ended;
    struct end reset;
};

static void on_ready(struct iscsi_context *iscsi, int status, void *command_data, void *private)
{
    struct flood *flood = private;

    (void)iscsi;
    (void)status;
    flood->ended++;
    scsi_free_scsi_task(command_data);
}

bool initiator_flood_and_reset(struct initiator *initiator, unsigned commands)
{
    struct flood flood = {.ended = 0};

    for (unsigned i = 0; i < commands; i++) {
        struct scsi_task *task = scsi_cdb_testunitready();

        if (!task || iscsi_scsi_command_async(initiator->iscsi, (int)initiator->lun, task, on_ready,
                                              NULL, &flood) != 0)
            return false;
    }
    /* libiscsi forgets what it has not sent yet when it resets, and the target would wait for it */
    if (!drain(initiator))
        return false;
    if (iscsi_task_mgmt_lun_reset_async(initiator->iscsi, initiator->lun, on_end, &flood.reset) !=
        0)
        return false;
    while (flood.ended < commands || !flood.reset.done) {
        if (!turn(initiator))
            return false;
    }
    return flood.reset.good;
}

/* ---- a stream of writes ---- */

struct writer {
    struct initiator *initiator;
    const struct stream *stream;
    unsigned char *data;
    unsigned sent, done;
    bool failed;
};

static void on_written(struct iscsi_context *iscsi, int status, void *command_data, void *private)
{
    struct writer *writer = private;
    struct scsi_task *task = command_data;

    (void)iscsi;
    writer->done++;
    if (status != SCSI_STATUS_GOOD)
        writer->failed = true;
    scsi_free_scsi_task(task);
}

static bool send_one(struct writer *writer)
{
    const struct stream *stream = writer->stream;
    uint32_t lba = stream->lba + writer->sent * stream->blocks;
    unsigned char cdb[10] = {0x2A,
                             0,
                             (unsigned char)(lba >> 24),
                             (unsigned char)(lba >> 16),
                             (unsigned char)(lba >> 8),
                             (unsigned char)lba,
                             0,
                             (unsigned char)(stream->blocks >> 8),
                             (unsigned char)stream->blocks,
                             0};
    struct iscsi_data data = {.data = writer->data,
                              .size = (size_t)stream->blocks * stream->block_bytes};
    struct scsi_task *task = scsi_create_task(10, cdb, SCSI_XFER_WRITE, (int)data.size);

    if (!task)
        return false;
    if (iscsi_scsi_command_async(writer->initiator->iscsi, (int)writer->initiator->lun, task,
                                 on_written, &data, writer) != 0) {
        scsi_free_scsi_task(task);
        return false;
    }
    writer->sent++;
    return true;
}

bool initiator_write_stream(struct initiator *initiator, const struct stream *stream,
                            const void *data)
{
    struct writer writer = {
        .initiator = initiator, .stream = stream, .data = (unsigned char *)data};

    while (writer.done < stream->commands && !writer.failed) {
        while (writer.sent < stream->commands && writer.sent - writer.done < stream->depth) {
            if (!send_one(&writer))
                return false;
        }
        if (!turn(initiator))
            return false;
    }
    return !writer.failed;
}

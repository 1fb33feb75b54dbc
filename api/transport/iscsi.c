/* SPDX-License-Identifier: MIT */
/*
 * The iSCSI transport: one session of its own each, one connection, never reconnected. Buffers go
 * to and from the socket without a copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <vcdr/codes.h>
#include "api/transport/backend.h"
#include "api/transport/session.h"
#include "api/transport/url.h"

#define MOST_BYTES (4 * 1024 * 1024)
#define DEPTH 8
/* Below this, more in flight does not make up for the smaller pieces. */
#define PIPELINE_BYTES (32 * 1024)
#define SINGLE_BYTES (256 * 1024)
#define LOGOUT_MS 1000

struct job {
    struct session *session;
    struct transport_task *task;
    struct scsi_task *scsi;
    struct scsi_iovec iov;
    bool late; /* answered, while bytes of its data may still be waiting to be sent */
    struct job *next;
};

struct session {
    struct iscsi_context *iscsi; /* NULL once abandoned */
    int lun;
    bool lost;
    bool completed; /* some task, in this turn */
    bool logged_out;
    struct job *jobs;
};

static void job_free(struct job *job)
{
    if (job->scsi) {
        scsi_free_scsi_task(job->scsi);
    }
    free(job);
}

static void job_unlink(struct job *job)
{
    struct job **link = &job->session->jobs;

    while (*link != job) {
        link = &(*link)->next;
    }
    *link = job->next;
}

static void job_finish(struct job *job)
{
    job->session->completed = true;
    job->task->done = true;
    job_unlink(job);
    job_free(job);
}

/* SPC-3 4.5: the task's sense is of fixed format whatever the target sends. */
static void take_sense(const struct scsi_task *scsi, struct transport_task *task)
{
    const uint8_t *p = scsi->datain.data;
    size_t len;

    /* RFC 7143 11.4.7.2: two bytes of length, then the sense data */
    if (!p || scsi->datain.size < 2 + 4) {
        return;
    }
    len = (size_t)(p[0] << 8 | p[1]);
    if (len > (size_t)scsi->datain.size - 2) {
        len = (size_t)scsi->datain.size - 2;
    }
    p += 2;
    memset(task->sense, 0, sizeof(task->sense));
    task->sense_len = sizeof(task->sense);
    if ((p[0] & 0x7F) == 0x72 || (p[0] & 0x7F) == 0x73) {
        task->sense[0] = (uint8_t)(0x70 | (p[0] & 0x01));
        task->sense[2] = p[1] & 0x0F;
        task->sense[7] = 10;
        task->sense[12] = p[2];
        task->sense[13] = p[3];
        return;
    }
    if (len < task->sense_len) {
        task->sense_len = len;
    }
    memcpy(task->sense, p, task->sense_len);
}

static size_t bytes_received(const struct scsi_task *scsi, const struct transport_task *task)
{
    size_t residual = scsi->residual;

    if (scsi->residual_status == SCSI_RESIDUAL_UNDERFLOW) {
        return residual < task->in_size ? task->in_size - residual : 0;
    }
    return task->status == SAM_GOOD ? task->in_size : 0;
}

static void on_reply(struct iscsi_context *iscsi, int status, void *data, void *private_data)
{
    struct job *job = private_data;
    struct transport_task *task = job->task;

    (void)data;
    if (status < 0 || status > 0xFF) { /* cancelled or failed: libiscsi's own codes */
        job->session->lost = true;
        return;
    }
    task->status = (uint8_t)status;
    task->in_len = bytes_received(job->scsi, task);
    if (status == SAM_CHECK_CONDITION) {
        take_sense(job->scsi, task);
    }
    /* a WRITE may be refused before its data is all sent: the buffers must outlive the sending */
    if (status != SAM_GOOD && task->out_len > 0 && iscsi_out_queue_length(iscsi) > 0) {
        job->late = true;
        return;
    }
    job_finish(job);
}

static void finish_late(struct session *session)
{
    struct job *next;

    if (iscsi_which_events(session->iscsi) & POLLOUT) {
        return;
    }
    for (struct job *job = session->jobs; job; job = next) {
        next = job->next;
        if (job->late) {
            job_finish(job);
        }
    }
}

static struct job *job_new(struct session *session, struct transport_task *task)
{
    struct job *job = calloc(1, sizeof(*job));
    int direction = task->out_len   ? SCSI_XFER_WRITE
                    : task->in_size ? SCSI_XFER_READ
                                    : SCSI_XFER_NONE;

    if (!job) {
        return NULL;
    }
    job->session = session;
    job->task = task;
    job->scsi = scsi_create_task(task->cdb_len, task->cdb, direction,
                                 (int)(task->out_len ? task->out_len : task->in_size));
    if (!job->scsi) {
        free(job);
        return NULL;
    }
    if (task->out_len) {
        job->iov =
            (struct scsi_iovec){.iov_base = (void *)(uintptr_t)task->out, .iov_len = task->out_len};
        scsi_task_set_iov_out(job->scsi, &job->iov, 1);
    } else if (task->in_size) {
        job->iov = (struct scsi_iovec){.iov_base = task->in, .iov_len = task->in_size};
        scsi_task_set_iov_in(job->scsi, &job->iov, 1);
    }
    return job;
}

static enum transport_result process(void *ctx, short revents)
{
    struct session *session = ctx;
    short wanted = revents & (POLLIN | POLLOUT);
    int fd = iscsi_get_fd(session->iscsi);
    char byte;

    session->completed = false;
    /* what came before the end is read first */
    if (wanted && iscsi_service(session->iscsi, wanted) < 0) {
        session->lost = true;
    }
    if (session->lost || (revents & (POLLERR | POLLNVAL)) || (revents & POLLHUP && !wanted)) {
        return TRANSPORT_LOST;
    }
    finish_late(session);
    /* an end without a task in flight passes libiscsi unnoticed */
    if (revents & POLLIN && !session->completed &&
        recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        return TRANSPORT_LOST;
    }
    return TRANSPORT_OK;
}

static enum transport_result start(void *ctx, struct transport_task *task)
{
    struct session *session = ctx;
    struct job *job = job_new(session, task);

    if (!job) {
        return TRANSPORT_NO_MEMORY;
    }
    job->next = session->jobs;
    session->jobs = job;
    if (iscsi_scsi_command_async(session->iscsi, session->lun, job->scsi, on_reply, NULL, job) <
        0) {
        job_unlink(job);
        job_free(job);
        return TRANSPORT_NO_MEMORY;
    }
    /* most often the socket takes it all at once */
    if (iscsi_service(session->iscsi, POLLOUT) < 0 || session->lost) {
        return TRANSPORT_LOST;
    }
    finish_late(session);
    return TRANSPORT_OK;
}

static int events(void *ctx, short *wanted)
{
    struct session *session = ctx;

    *wanted = (short)iscsi_which_events(session->iscsi);
    return iscsi_get_fd(session->iscsi);
}

static void abandon(void *ctx)
{
    struct session *session = ctx;

    if (session->iscsi) {
        iscsi_destroy_context(session->iscsi);
        session->iscsi = NULL;
    }
    while (session->jobs) {
        struct job *job = session->jobs;

        session->jobs = job->next;
        job_free(job);
    }
}

static void on_logout(struct iscsi_context *iscsi, int status, void *data, void *private_data)
{
    (void)iscsi;
    (void)status;
    (void)data;
    ((struct session *)private_data)->logged_out = true;
}

static void log_out(struct session *session)
{
    struct iscsi_context *iscsi = session->iscsi;
    uint64_t deadline_ms = transport_now_ms() + LOGOUT_MS;

    if (iscsi_logout_async(iscsi, on_logout, session) != 0) {
        return;
    }
    while (!session->logged_out) {
        struct pollfd fd = {.fd = iscsi_get_fd(iscsi), .events = (short)iscsi_which_events(iscsi)};
        uint64_t now = transport_now_ms();

        if (now >= deadline_ms || (poll(&fd, 1, (int)(deadline_ms - now)) < 0 && errno != EINTR) ||
            (fd.revents & (POLLERR | POLLHUP | POLLNVAL)) || iscsi_service(iscsi, fd.revents) < 0) {
            break;
        }
    }
}

static void close_session(void *ctx)
{
    struct session *session = ctx;

    if (session->iscsi && !session->lost) {
        log_out(session);
    }
    abandon(session);
    free(session);
}

static void forked(void *ctx)
{
    struct session *session = ctx;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (session->iscsi && null >= 0) {
        dup2(null, iscsi_get_fd(session->iscsi));
    }
    if (null >= 0) {
        close(null);
    }
}

static const struct transport_backend_ops ops = {
    .start = start,
    .events = events,
    .process = process,
    .abandon = abandon,
    .close = close_session,
    .forked = forked,
};

/* One task to its end, before transport.c is there. */
static enum transport_result run(struct session *session, struct transport_task *task,
                                 uint64_t deadline_ms)
{
    enum transport_result result = start(session, task);

    while (result == TRANSPORT_OK && !task->done) {
        struct pollfd fd = {.fd = iscsi_get_fd(session->iscsi),
                            .events = (short)iscsi_which_events(session->iscsi)};
        uint64_t now = transport_now_ms();

        if (now >= deadline_ms) {
            return TRANSPORT_TIMEOUT;
        }
        if (poll(&fd, 1, (int)(deadline_ms - now)) > 0) {
            result = process(session, fd.revents);
        }
    }
    return result;
}

/* A login says nothing of the logical unit. INQUIRY disturbs nothing, and asks (SPC-3 6.4.2). */
static enum transport_result find_unit(struct session *session, uint64_t deadline_ms, char **why)
{
    uint8_t data[36] = {0};
    struct transport_task task = {
        .cdb = {OP_INQUIRY, 0, 0, 0, sizeof(data)},
        .cdb_len = 6,
        .in = data,
        .in_size = sizeof(data),
    };
    enum transport_result result = run(session, &task, deadline_ms);

    if (result != TRANSPORT_OK) {
        return transport_explain(result, why, "%s after the login", transport_result_text(result));
    }
    if (task.status == SAM_CHECK_CONDITION ||
        (task.status == SAM_GOOD && task.in_len > 0 && data[0] >> 5 == 3)) {
        return transport_explain(TRANSPORT_NO_DEVICE, why, "the target has no logical unit %d",
                                 session->lun);
    }
    return TRANSPORT_OK;
}

enum transport_result iscsi_backend_open(const struct transport_url *url, const char *name,
                                         struct transport_backend *out, char **why)
{
    uint64_t deadline_ms = transport_now_ms() + TRANSPORT_OPEN_MS;
    struct session *session = calloc(1, sizeof(*session));
    struct session_limits limits;
    enum transport_result result = TRANSPORT_NO_MEMORY;
    uint32_t unsolicited;

    if (!session) {
        return result;
    }
    session->lun = (int)url->lun;
    result = session_open(url, name, deadline_ms, &session->iscsi, &limits, why);
    if (result == TRANSPORT_OK) {
        result = find_unit(session, deadline_ms, why);
    }
    if (result != TRANSPORT_OK) {
        abandon(session);
        free(session);
        return result;
    }
    unsolicited = session_unsolicited_bytes(&limits);
    *out = (struct transport_backend){
        .ops = &ops,
        .ctx = session,
        .ordered_bytes = unsolicited >= PIPELINE_BYTES ? unsolicited : SINGLE_BYTES,
        .depth = unsolicited >= PIPELINE_BYTES ? DEPTH : 1,
        .max_transfer = MOST_BYTES,
        .keeper = true,
    };
    return TRANSPORT_OK;
}

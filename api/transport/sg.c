/* SPDX-License-Identifier: MIT */
/*
 * A drive of this host, by the kernel's SG_IO (Documentation: scsi-generic; linux/cdrom.h). A task
 * is executed within its submission: the kernel keeps no order among several.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <scsi/sg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "api/transport/backend.h"
#include "api/transport/host_lock.h"
#include "api/transport/url.h"

enum {
    SECTOR_BYTES = 512,
    LEAST_TRANSFER = 4096,        /* a page: every queue carries one */
    MOST_TRANSFER = 4 << 20,      /* more gains nothing */
    DEFAULT_TRANSFER = 64 * 1024, /* what every host has carried since ATAPI */
};

struct session {
    int fd; /* -1 once abandoned */
    struct host_lock lock;
};

/* ---- a task ---- */

/* What the kernel's middle layer says of a command that the drive did not answer (scsi_status.h):
 * DID_TIME_OUT; all others mean that it is gone, or that nobody knows what it did. */
static enum transport_result result_of_host(unsigned host)
{
    return host == 0x03 ? TRANSPORT_TIMEOUT : TRANSPORT_LOST;
}

static enum transport_result result_of_errno(int error)
{
    switch (error) {
    case ENOMEM:
        return TRANSPORT_NO_MEMORY;
    case EPERM: /* the kernel's filter lets this opcode pass for nobody but root */
    case EACCES:
        return TRANSPORT_REFUSED;
    case EINVAL: /* larger than the queue carries */
    case EDOM:
        return TRANSPORT_INVALID;
    default:
        return TRANSPORT_LOST;
    }
}

/* A command that a signal interrupts on an sg node goes on without anybody to take its answer. */
static int sg_io(int fd, struct sg_io_hdr *io)
{
    sigset_t every, before;
    int rc, error;

    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    rc = ioctl(fd, SG_IO, io);
    error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? 0 : error;
}

static void take_answer(const struct sg_io_hdr *io, struct transport_task *task)
{
    size_t rest = io->resid > 0 ? (size_t)io->resid : 0;

    task->status = io->status;
    task->in_len = task->in_size > rest ? task->in_size - rest : 0;
    task->sense_len = io->sb_len_wr;
    task->done = true;
}

static enum transport_result start(void *ctx, struct transport_task *task)
{
    enum { DRIVER_TIMEOUT = 0x06, DRIVER_CODE = 0x0F };
    struct session *session = ctx;
    struct sg_io_hdr io = {
        .interface_id = 'S',
        .dxfer_direction = SG_DXFER_NONE,
        .cmd_len = task->cdb_len,
        .cmdp = task->cdb,
        .mx_sb_len = sizeof(task->sense),
        .sbp = task->sense,
        .timeout = task->timeout_ms ? task->timeout_ms : TRANSPORT_TASK_MS,
    };
    int error;

    if (task->out_len > 0) {
        io.dxfer_direction = SG_DXFER_TO_DEV;
        io.dxferp = (void *)(uintptr_t)task->out;
        io.dxfer_len = (unsigned)task->out_len;
    } else if (task->in_size > 0) {
        io.dxfer_direction = SG_DXFER_FROM_DEV;
        io.dxferp = task->in;
        io.dxfer_len = (unsigned)task->in_size;
    }
    error = sg_io(session->fd, &io);
    if (error != 0) {
        return result_of_errno(error);
    }
    if ((io.driver_status & DRIVER_CODE) == DRIVER_TIMEOUT) {
        return TRANSPORT_TIMEOUT;
    }
    if (io.host_status != 0) {
        return result_of_host(io.host_status);
    }
    take_answer(&io, task);
    return TRANSPORT_OK;
}

static void abandon(void *ctx)
{
    struct session *session = ctx;

    host_lock_release(&session->lock);
    if (session->fd >= 0) {
        close(session->fd);
    }
    session->fd = -1;
}

static void close_session(void *ctx)
{
    abandon(ctx);
    free(ctx);
}

/* The lock is the parent's: closing a copy of its descriptors leaves it alone, unlocking would not.
 */
static void forked(void *ctx)
{
    struct session *session = ctx;

    if (session->lock.exclusive >= 0) {
        close(session->lock.exclusive);
    }
    if (session->lock.file >= 0) {
        close(session->lock.file);
    }
    close(session->fd);
    session->lock.exclusive = session->lock.file = session->fd = -1;
}

static const struct transport_backend_ops ops = {
    .start = start,
    .abandon = abandon,
    .close = close_session,
    .forked = forked,
};

/* ---- opening ---- */

/* The sr node of an sg node's drive, by sysfs; false where no block driver has taken the drive. */
static bool find_sr(dev_t sg, char node[32], dev_t *device)
{
    char path[128];
    struct dirent *entry;
    struct stat st;
    DIR *folder;

    snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/device/block", major(sg), minor(sg));
    folder = opendir(path);
    node[0] = '\0';
    while (folder && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.' && strlen(entry->d_name) < 20) {
            snprintf(node, 32, "/dev/%.20s", entry->d_name);
        }
    }
    if (folder) {
        closedir(folder);
    }
    if (node[0] == '\0' || stat(node, &st) != 0 || !S_ISBLK(st.st_mode)) {
        node[0] = '\0';
        return false;
    }
    *device = st.st_rdev;
    return true;
}

static enum transport_result describe(const char *node, int fd, struct host_lock *lock, char **why)
{
    char sr[32];
    dev_t device;
    struct stat st;

    if (fstat(fd, &st) != 0) {
        return transport_explain(TRANSPORT_NO_DEVICE, why, "%s", strerror(errno));
    }
    if (S_ISBLK(st.st_mode)) {
        if (strlen(node) >= sizeof(lock->node)) {
            return transport_explain(TRANSPORT_BAD_URL, why, "the path is too long");
        }
        host_lock_init(lock, st.st_rdev, node);
        return TRANSPORT_OK;
    }
    if (!S_ISCHR(st.st_mode)) {
        return transport_explain(TRANSPORT_NO_DEVICE, why, "it is no device node");
    }
    device = st.st_rdev;
    if (!find_sr(st.st_rdev, sr, &device)) {
        sr[0] = '\0';
    }
    host_lock_init(lock, device, sr);
    return TRANSPORT_OK;
}

/* O_NONBLOCK: without a disc as well, and without the kernel's own locking of the tray. A node that
 * may only be read still serves the commands that the kernel's filter calls reading. */
static enum transport_result open_node(const char *node, int *fd, char **why)
{
    int version;

    *fd = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0 && (errno == EROFS || errno == EACCES || errno == EPERM)) {
        *fd = open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    if (*fd < 0) {
        bool refused = errno == EACCES || errno == EPERM || errno == EBUSY;

        return transport_explain(refused ? TRANSPORT_REFUSED : TRANSPORT_NO_DEVICE, why, "%s",
                                 strerror(errno));
    }
    if (ioctl(*fd, SG_GET_VERSION_NUM, &version) != 0 || version < 30000) {
        close(*fd);
        return transport_explain(TRANSPORT_NO_DEVICE, why, "it takes no SCSI commands (SG_IO)");
    }
    return TRANSPORT_OK;
}

/* The queue's limit: an sg node says it in bytes, a block node in sectors. */
static size_t max_transfer(int fd)
{
    struct stat st;
    size_t most = DEFAULT_TRANSFER;

    if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode)) {
        unsigned short sectors = 0;

        if (ioctl(fd, BLKSECTGET, &sectors) == 0 && sectors > 0) {
            most = (size_t)sectors * SECTOR_BYTES;
        }
    } else {
        int bytes = 0;

        if (ioctl(fd, BLKSECTGET, &bytes) == 0 && bytes > 0) {
            most = (size_t)bytes;
        }
    }
    most = most < LEAST_TRANSFER ? LEAST_TRANSFER : most;
    return most < MOST_TRANSFER ? most : MOST_TRANSFER;
}

enum transport_result sg_backend_open(const struct transport_url *url,
                                      struct transport_backend *out, char **why)
{
    struct session *session = calloc(1, sizeof(*session));
    enum transport_result result = TRANSPORT_NO_MEMORY;

    if (!session) {
        return result;
    }
    result = open_node(url->node, &session->fd, why);
    if (result != TRANSPORT_OK) {
        free(session);
        return result;
    }
    result = describe(url->node, session->fd, &session->lock, why);
    if (result != TRANSPORT_OK) {
        close(session->fd);
        free(session);
        return result;
    }
    *out = (struct transport_backend){
        .ops = &ops,
        .ctx = session,
        .host_lock = &session->lock,
        .max_transfer = max_transfer(session->fd),
        .depth = 1,
    };
    out->ordered_bytes = out->max_transfer;
    return TRANSPORT_OK;
}

/* SPDX-License-Identifier: MIT */
/* SG_IO and the small change around it (the kernel's drivers/scsi/sg.c, include/scsi/sg.h). */
#include <errno.h>
#include <linux/fs.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <vcdr/codes.h>
#include "drive.h"
#include "ioctls.h"

#ifndef SCSI_IOCTL_GET_IDLUN
#define SCSI_IOCTL_GET_IDLUN 0x5382
#endif
#ifndef SCSI_IOCTL_GET_BUS_NUMBER
#define SCSI_IOCTL_GET_BUS_NUMBER 0x5386
#endif

#ifndef SG_DXFER_UNKNOWN
#define SG_DXFER_UNKNOWN (-5)
#endif

#ifndef SCSI_IOCTL_PROBE_HOST
#define SCSI_IOCTL_PROBE_HOST 0x5385
#endif

#define SG_VERSION 30536       /* of /dev/sg0 */
#define SG_VERSION_BLOCK 30527 /* what a block device says */
#define DEFAULT_TIMEOUT_MS 60000
#define RESERVED_BYTES (128 * 1024)

/* include/scsi/scsi_host.h, scsi/scsi.h: what SG_IO reports beside the SCSI status */
#define HOST_NO_CONNECT 0x01
#define HOST_TIME_OUT 0x03
#define DRIVER_HAS_SENSE 0x08

static int reserved_bytes = RESERVED_BYTES;
static int timeout_ticks = DEFAULT_TIMEOUT_MS / 10; /* of 1/100 s */

static uint8_t cdb_length(const uint8_t *cdb, unsigned given)
{
    static const uint8_t of_group[8] = {6, 10, 10, 0, 16, 12, 0, 0};
    uint8_t standard = of_group[cdb[0] >> 5];

    if (given == 6 || given == 10 || given == 12 || given == 16) {
        return (uint8_t)given;
    }
    if (standard >= given) {
        return standard; /* a short one is padded, as the host adapter would */
    }
    return given <= 6 ? 6 : given <= 10 ? 10 : given <= 12 ? 12 : 16;
}

/* Copies between the caller's pieces and one buffer. */
static void scatter(const struct iovec *iov, unsigned count, uint8_t *buf, size_t len, bool gather)
{
    for (unsigned i = 0; i < count && len > 0; i++) {
        size_t piece = iov[i].iov_len < len ? iov[i].iov_len : len;

        if (gather) {
            memcpy(buf, iov[i].iov_base, piece);
        } else {
            memcpy(iov[i].iov_base, buf, piece);
        }
        buf += piece;
        len -= piece;
    }
}

static void report(struct sg_io_hdr *io, const struct transport_task *task)
{
    io->status = 0;
    io->masked_status = 0;
    io->msg_status = 0;
    io->sb_len_wr = 0;
    io->host_status = 0;
    io->driver_status = 0;
    io->info = 0;
    io->duration = 0;
    io->resid = task->in_size ? (int)(io->dxfer_len - task->in_len) : 0;
    if (task->result != TRANSPORT_OK) {
        io->host_status = task->result == TRANSPORT_TIMEOUT ? HOST_TIME_OUT : HOST_NO_CONNECT;
        io->info = SG_INFO_CHECK;
        io->resid = (int)io->dxfer_len;
        return;
    }
    io->status = task->status;
    io->masked_status = task->status >> 1 & 0x1F;
    if (task->status != SAM_GOOD) {
        io->info = SG_INFO_CHECK;
    }
    if (task->sense_len > 0) {
        size_t len = task->sense_len < io->mx_sb_len ? task->sense_len : io->mx_sb_len;

        io->driver_status = DRIVER_HAS_SENSE;
        if (io->sbp) {
            memcpy(io->sbp, task->sense, len);
            io->sb_len_wr = (unsigned char)len;
        }
    }
}

static int run(unsigned drive, struct sg_io_hdr *io, uint8_t *data)
{
    struct transport_task task = {.timeout_ms = io->timeout ? io->timeout : DEFAULT_TIMEOUT_MS};
    int error;

    memcpy(task.cdb, io->cmdp, io->cmd_len);
    task.cdb_len = cdb_length(task.cdb, io->cmd_len);
    if (io->dxfer_direction == SG_DXFER_TO_DEV) {
        task.out = data;
        task.out_len = io->dxfer_len;
    } else if (io->dxfer_direction != SG_DXFER_NONE) {
        task.in = data;
        task.in_size = io->dxfer_len;
    }
    error = drive_task(drive, &task);
    if (error) {
        return error;
    }
    if (task.result == TRANSPORT_NO_MEMORY) {
        return -ENOMEM;
    }
    if (task.result == TRANSPORT_INVALID) {
        return -EINVAL;
    }
    report(io, &task);
    return 0;
}

static int sg_io(const struct call *call)
{
    struct sg_io_hdr *io = call->arg;
    uint8_t *bounce;
    int error;

    if (io->interface_id != 'S') {
        return -ENOSYS;
    }
    if (!io->cmdp || io->cmd_len < 1 || io->cmd_len > 16 ||
        /* without data the kernel does not look at the direction: cdrdao leaves it 0 */
        (io->dxfer_len > 0 && (!io->dxferp || io->dxfer_direction >= SG_DXFER_NONE ||
                               io->dxfer_direction < SG_DXFER_UNKNOWN))) {
        return -EINVAL;
    }
    if (io->iovec_count == 0) {
        return run(call->node.drive, io, io->dxferp);
    }
    bounce = malloc(io->dxfer_len + 1);
    if (!bounce) {
        return -ENOMEM;
    }
    if (io->dxfer_direction == SG_DXFER_TO_DEV) {
        scatter(io->dxferp, io->iovec_count, bounce, io->dxfer_len, true);
    }
    error = run(call->node.drive, io, bounce);
    if (!error && io->dxfer_direction != SG_DXFER_TO_DEV && io->resid >= 0) {
        scatter(io->dxferp, io->iovec_count, bounce, io->dxfer_len - (unsigned)io->resid, false);
    }
    free(bounce);
    return error;
}

static int get_version(const struct call *call)
{
    *(int *)call->arg = call->node.kind == NODE_SG ? SG_VERSION : SG_VERSION_BLOCK;
    return 0;
}

/* Each drive has a host of its own: channel 0, id 0, logical unit 0. So dev=0,0,0 is the first. */
static int get_idlun(const struct call *call)
{
    struct {
        uint32_t four_in_one;
        uint32_t host_unique_id;
    } *id = call->arg;

    id->four_in_one = call->node.drive << 24;
    id->host_unique_id = 0;
    return 0;
}

static int get_bus_number(const struct call *call)
{
    *(int *)call->arg = (int)call->node.drive;
    return 0;
}

static int get_scsi_id(const struct call *call)
{
    struct sg_scsi_id *id = call->arg;

    memset(id, 0, sizeof(*id));
    id->host_no = (int)call->node.drive;
    id->scsi_type = 5;
    id->h_cmd_per_lun = 1;
    id->d_queue_depth = 1;
    return 0;
}

static int set_timeout(const struct call *call)
{
    timeout_ticks = *(int *)call->arg;
    return 0;
}

static int get_timeout(const struct call *call)
{
    (void)call;
    return timeout_ticks; /* this one returns its value */
}

static int set_reserved(const struct call *call)
{
    int wanted = *(int *)call->arg;

    if (wanted < 0) {
        return -EINVAL;
    }
    reserved_bytes = wanted < (int)drive_max_transfer() ? wanted : RESERVED_BYTES;
    return 0;
}

static int get_reserved(const struct call *call)
{
    *(int *)call->arg = reserved_bytes;
    return 0;
}

static int say_zero(const struct call *call)
{
    *(int *)call->arg = 0;
    return 0;
}

static int say_one(const struct call *call)
{
    *(int *)call->arg = 1;
    return 0;
}

static int say_none(const struct call *call)
{
    *(int *)call->arg = -1;
    return 0;
}

static int accept_it(const struct call *call)
{
    (void)call;
    return 0;
}

static int test_unit_ready(const struct call *call)
{
    static const uint8_t cdb[6] = {OP_TEST_UNIT_READY};

    return drive_command(call->node.drive, cdb, sizeof(cdb), DEFAULT_TIMEOUT_MS);
}

static int start_stop(const struct call *call, uint8_t action)
{
    const uint8_t cdb[6] = {OP_START_STOP_UNIT, 0, 0, 0, action};

    return drive_command(call->node.drive, cdb, sizeof(cdb), DEFAULT_TIMEOUT_MS);
}

static int start_unit(const struct call *call)
{
    return start_stop(call, 1);
}

static int stop_unit(const struct call *call)
{
    return start_stop(call, 0);
}

static int prevent(const struct call *call, uint8_t value)
{
    const uint8_t cdb[6] = {OP_PREVENT_ALLOW, 0, 0, 0, value};

    return drive_command(call->node.drive, cdb, sizeof(cdb), DEFAULT_TIMEOUT_MS);
}

static int lock_door(const struct call *call)
{
    return prevent(call, 1);
}

static int unlock_door(const struct call *call)
{
    return prevent(call, 0);
}

/* The host's own name. */
static int probe_host(const struct call *call)
{
    static const char name[] = "vcdr";
    unsigned room = *(unsigned *)call->arg;

    if (room > 0) {
        snprintf(call->arg, room, "%s", name);
    }
    return 1;
}

static int most_bytes(const struct call *call)
{
    *(int *)call->arg = 512 * 1024; /* sg counts bytes where a block device counts sectors */
    return 0;
}

const struct ioctl_row scsi_ioctls[] = {
    {SG_IO, sg_io},
    {SG_GET_VERSION_NUM, get_version},
    {SCSI_IOCTL_GET_IDLUN, get_idlun},
    {SCSI_IOCTL_GET_BUS_NUMBER, get_bus_number},
    {SCSI_IOCTL_PROBE_HOST, probe_host},
    {SCSI_IOCTL_TEST_UNIT_READY, test_unit_ready},
    {SCSI_IOCTL_START_UNIT, start_unit},
    {SCSI_IOCTL_STOP_UNIT, stop_unit},
    {SCSI_IOCTL_DOORLOCK, lock_door},
    {SCSI_IOCTL_DOORUNLOCK, unlock_door},
    {SG_SET_TIMEOUT, set_timeout},
    {SG_GET_TIMEOUT, get_timeout},
    {SG_SET_RESERVED_SIZE, set_reserved},
    {SG_GET_RESERVED_SIZE, get_reserved},
    {SG_EMULATED_HOST, say_zero},
    {0, NULL},
};

const struct ioctl_row sg_ioctls[] = {
    {SG_GET_SCSI_ID, get_scsi_id},
    {SG_GET_SG_TABLESIZE, say_one},
    {SG_SET_FORCE_PACK_ID, accept_it},
    {SG_GET_PACK_ID, say_none},
    {SG_GET_NUM_WAITING, say_zero},
    {SG_GET_LOW_DMA, say_zero},
    {SG_SET_KEEP_ORPHAN, accept_it},
    {SG_GET_KEEP_ORPHAN, say_zero},
    {SG_SET_COMMAND_Q, accept_it},
    {SG_GET_COMMAND_Q, say_one},
    {SG_SET_DEBUG, accept_it},
    {SG_NEXT_CMD_LEN, accept_it},
    {SG_SCSI_RESET, accept_it},
    {BLKSECTGET, most_bytes},
    {0, NULL},
};

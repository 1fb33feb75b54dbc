/* SPDX-License-Identifier: MIT */
/* A block device's ioctls (linux/fs.h), and the dispatch of all. */
#include <errno.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <stddef.h>
#include <stdint.h>
#include "drive.h"
#include "ioctls.h"

#ifndef BLKROTATIONAL
#define BLKROTATIONAL _IO(0x12, 126)
#endif

#define SECTOR 512
#define READ_AHEAD_SECTORS 256

static int size_in_sectors(const struct call *call)
{
    *(unsigned long *)call->arg = (unsigned long)(drive_bytes(call->node.drive) / SECTOR);
    return 0;
}

static int size_in_bytes(const struct call *call)
{
    *(uint64_t *)call->arg = drive_bytes(call->node.drive);
    return 0;
}

static int sector_size(const struct call *call)
{
    *(int *)call->arg = DRIVE_BLOCK;
    return 0;
}

static int physical_size(const struct call *call)
{
    *(unsigned *)call->arg = DRIVE_BLOCK;
    return 0;
}

static int most_sectors(const struct call *call)
{
    *(unsigned short *)call->arg = 1024; /* of 512 bytes */
    return 0;
}

static int read_ahead(const struct call *call)
{
    *(long *)call->arg = READ_AHEAD_SECTORS;
    return 0;
}

static int rotational(const struct call *call)
{
    *(unsigned short *)call->arg = 1;
    return 0;
}

static int say_zero(const struct call *call)
{
    *(unsigned *)call->arg = 0;
    return 0;
}

/* sr: a drive that can rewrite something is not read-only, whatever the disc. */
static int read_only(const struct call *call)
{
    const struct ioctl_row *row = cdrom_ioctls;

    while (row->request != CDROM_GET_CAPABILITY) {
        row++;
    }
    *(int *)call->arg = !(row->run(call) & CDC_CD_RW);
    return 0;
}

static int nothing_to_flush(const struct call *call)
{
    drive_forget_size(call->node.drive);
    return 0;
}

static int only_root_may(const struct call *call)
{
    (void)call;
    return -EACCES;
}

static int no_partitions(const struct call *call)
{
    (void)call;
    return -EINVAL;
}

const struct ioctl_row block_ioctls[] = {
    {BLKGETSIZE, size_in_sectors},
    {BLKGETSIZE64, size_in_bytes},
    {BLKSSZGET, sector_size},
    {BLKBSZGET, physical_size},
    {BLKPBSZGET, physical_size},
    {BLKIOMIN, physical_size},
    {BLKIOOPT, say_zero},
    {BLKALIGNOFF, say_zero},
    {BLKDISCARDZEROES, say_zero},
    {BLKROTATIONAL, rotational},
    {BLKSECTGET, most_sectors},
    {BLKRAGET, read_ahead},
    {BLKFRAGET, read_ahead},
    {BLKRASET, only_root_may},
    {BLKROSET, only_root_may},
    {BLKROGET, read_only},
    {BLKFLSBUF, nothing_to_flush},
    {BLKRRPART, no_partitions},
    {0, NULL},
};

static const struct ioctl_row *find(const struct ioctl_row *table, unsigned long request)
{
    while (table->run && table->request != request) {
        table++;
    }
    return table->run ? table : NULL;
}

int node_ioctl(struct node node, int fd, unsigned long request, void *arg)
{
    static const struct ioctl_row *const of_sg[] = {scsi_ioctls, sg_ioctls, NULL};
    static const struct ioctl_row *const of_sr[] = {scsi_ioctls, cdrom_ioctls, data_ioctls,
                                                    block_ioctls, NULL};
    const struct call call = {node, fd, arg};

    for (const struct ioctl_row *const *table = node.kind == NODE_SG ? of_sg : of_sr; *table;
         table++) {
        /* an int went through some callers: the request numbers have 32 bits */
        const struct ioctl_row *row = find(*table, request & 0xFFFFFFFF);

        if (row) {
            return row->run(&call);
        }
    }
    return -ENOTTY;
}

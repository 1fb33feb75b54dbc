/* SPDX-License-Identifier: MIT */
/* A block device's ioctls (linux/fs.h), and the dispatch of all. */
#include <errno.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stddef.h>
#include "drive.h"
#include "ioctls.h"

static int size_in_sectors(enum node node, void *arg)
{
    (void)node;
    *(unsigned long *)arg = (unsigned long)(drive_blocks() * (DRIVE_BLOCK / 512));
    return 0;
}

static int size_in_bytes(enum node node, void *arg)
{
    (void)node;
    *(uint64_t *)arg = drive_blocks() * DRIVE_BLOCK;
    return 0;
}

static int sector_size(enum node node, void *arg)
{
    (void)node;
    *(int *)arg = DRIVE_BLOCK;
    return 0;
}

static int physical_size(enum node node, void *arg)
{
    (void)node;
    *(unsigned *)arg = DRIVE_BLOCK;
    return 0;
}

static int most_sectors(enum node node, void *arg)
{
    (void)node;
    *(unsigned short *)arg = 1024; /* of 512 bytes */
    return 0;
}

static int read_only(enum node node, void *arg)
{
    (void)node;
    *(int *)arg = 1;
    return 0;
}

static int nothing_to_flush(enum node node, void *arg)
{
    (void)node;
    (void)arg;
    return 0;
}

const struct ioctl_row block_ioctls[] = {
    {BLKGETSIZE, size_in_sectors}, {BLKGETSIZE64, size_in_bytes}, {BLKSSZGET, sector_size},
    {BLKBSZGET, physical_size},    {BLKPBSZGET, physical_size},   {BLKSECTGET, most_sectors},
    {BLKROGET, read_only},         {BLKFLSBUF, nothing_to_flush}, {0, NULL},
};

static const struct ioctl_row *find(const struct ioctl_row *table, unsigned long request)
{
    while (table->run && table->request != request) {
        table++;
    }
    return table->run ? table : NULL;
}

int node_ioctl(enum node node, unsigned long request, void *arg)
{
    /* an int went through some callers: the request numbers have 32 bits */
    const struct ioctl_row *row = find(sg_ioctls, request & 0xFFFFFFFF);

    if (!row && node == NODE_SR) {
        row = find(cdrom_ioctls, request & 0xFFFFFFFF);
        row = row ? row : find(block_ioctls, request & 0xFFFFFFFF);
    }
    return row ? row->run(node, arg) : -ENOTTY;
}

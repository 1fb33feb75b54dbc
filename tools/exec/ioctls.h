/* SPDX-License-Identifier: MIT */
/* What the kernel's sg, sr and cdrom drivers answer to ioctl. */
#ifndef VCDR_TOOLS_EXEC_IOCTLS_H
#define VCDR_TOOLS_EXEC_IOCTLS_H

#include "node.h"

/* One call: the node, the descriptor it came through, and the ioctl's argument. */
struct call {
    struct node node;
    int fd;
    void *arg;
};

struct ioctl_row {
    unsigned long request;
    int (*run)(const struct call *call); /* the ioctl's value, or a negative errno */
};

/* Tables that end in a row without function. */
extern const struct ioctl_row scsi_ioctls[];  /* both nodes */
extern const struct ioctl_row sg_ioctls[];    /* sg */
extern const struct ioctl_row cdrom_ioctls[]; /* sr */
extern const struct ioctl_row data_ioctls[];  /* sr: what reads the disc */
extern const struct ioctl_row block_ioctls[]; /* sr */

/* -ENOTTY for what no table of this node has. */
int node_ioctl(struct node node, int fd, unsigned long request, void *arg);

#endif

/* SPDX-License-Identifier: MIT */
/* What the kernel's sg, sr and cdrom drivers answer to ioctl. */
#ifndef VCDR_TOOLS_EXEC_IOCTLS_H
#define VCDR_TOOLS_EXEC_IOCTLS_H

#include "node.h"

struct ioctl_row {
    unsigned long request;
    int (*run)(enum node node, void *arg); /* the ioctl's value, or a negative errno */
};

/* Tables that end in a row without function. */
extern const struct ioctl_row sg_ioctls[];    /* both nodes */
extern const struct ioctl_row cdrom_ioctls[]; /* sr0 */
extern const struct ioctl_row block_ioctls[]; /* sr0 */

/* -ENOTTY for what no table of this node has. */
int node_ioctl(enum node node, unsigned long request, void *arg);

#endif

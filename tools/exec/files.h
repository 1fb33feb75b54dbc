/* SPDX-License-Identifier: MIT */
/*
 * Open files on the nodes. Each is a real descriptor (of /dev/null), so that numbers, fork and exec
 * behave; what stands behind it is kept in a table beside.
 */
#ifndef VCDR_TOOLS_EXEC_FILES_H
#define VCDR_TOOLS_EXEC_FILES_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "node.h"

struct file {
    enum node node;
    bool exclusive;  /* O_EXCL: nobody else may open it so */
    uint64_t offset; /* bytes; guarded by the table's lock */
    unsigned users;  /* descriptors */
};

/* Opens a node as open(2) would; the descriptor, or a negative errno. */
int files_open(enum node node, int flags);
/* The node of a descriptor; NODE_NONE for every descriptor that is not ours. */
enum node files_node(int fd);
/* A copy of fd exists at `copy` now; close(2), dup2(2) of something else took `fd`. */
void files_copied(int fd, int copy);
void files_closed(int fd);
/* Reads at, and moves, the descriptor's offset, as read(2); lseek(2). Negative errno. */
int64_t files_read(int fd, void *buf, size_t len);
int64_t files_seek(int fd, int64_t offset, int whence);

#endif

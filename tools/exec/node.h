/* SPDX-License-Identifier: MIT */
/* The device nodes that the program is to see: which descriptor is one, and what stat says of it.
 */
#ifndef VCDR_TOOLS_EXEC_NODE_H
#define VCDR_TOOLS_EXEC_NODE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum node_kind { NODE_NONE = 0, NODE_SR, NODE_SG };

struct node {
    enum node_kind kind;
    unsigned drive;
};

/* A node's file is an empty one in the host's folder (place.h), and an open node is that file
 * opened, so that numbers, offsets, dup, fork and exec behave: it is told by its inode. NODE_NONE
 * for every other. */
struct node node_of_stat(const struct stat *file);
struct node node_of_fd(int fd);
/* A descriptor that came otherwise than by node_open may be a node; a copy is what it is a copy of.
 * A copy that nobody tells of is none. */
void node_mark(int fd);
void node_copied(int fd, int copy);

/* Turns what stat says of a node's file into what it says of the node. */
void node_stat(struct node node, struct stat *inout);

/* Opens the node's file at `path` as open(2) would the node; the descriptor, or a negative errno.
 */
int node_open(struct node node, const char *path, int flags);

/* Reads at, and moves, the descriptor's offset, as read(2); lseek(2). Negative errno. */
int64_t node_read(struct node node, int fd, void *buf, size_t len);
int64_t node_seek(struct node node, int fd, int64_t offset, int whence);
/* Whether another open file of the node exists than this descriptor's. */
_Bool node_is_shared(int fd);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Open files on the nodes. Each is a real descriptor, of an empty file in memory that has the
 * node's name, so that numbers, dup, fork and exec behave: its offset is the node's, and a program
 * that was started with one open finds it again by its name.
 */
#ifndef VCDR_TOOLS_EXEC_FILES_H
#define VCDR_TOOLS_EXEC_FILES_H

#include <stddef.h>
#include <stdint.h>
#include "node.h"

/* Opens a node as open(2) would; the descriptor, or a negative errno. */
int files_open(enum node node, int flags);
/* The node of a descriptor; NODE_NONE for every descriptor that is not ours. */
enum node files_node(int fd);
/* `copy` is now the same as fd, whatever it was before. */
void files_copied(int fd, int copy);
void files_closed(int fd);
/* Reads at, and moves, the descriptor's offset, as read(2); lseek(2). Negative errno. */
int64_t files_read(int fd, void *buf, size_t len);
int64_t files_seek(int fd, int64_t offset, int whence);

#endif

/* SPDX-License-Identifier: MIT */
/* The device nodes that the program is to see: their names, and what stat says of them. */
#ifndef VCDR_TOOLS_EXEC_NODE_H
#define VCDR_TOOLS_EXEC_NODE_H

#include <stdbool.h>
#include <sys/stat.h>

enum node { NODE_NONE, NODE_SR, NODE_SG };

/* NODE_NONE for every other path, NULL included. */
enum node node_of(const char *path);
const char *node_name(enum node node); /* "sr0" */
void node_stat(enum node node, struct stat *out);

#endif

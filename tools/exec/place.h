/* SPDX-License-Identifier: MIT */
/*
 * Where a path of the program leads: the folder that the host made (tools/host/tree.h) lies over
 * /dev, /sys, /proc and /run. Whatever way a path goes (relative, through links, through an open
 * folder or /proc/self/fd), it is followed as the kernel would, with the host's files in their
 * places.
 */
#ifndef VCDR_TOOLS_EXEC_PLACE_H
#define VCDR_TOOLS_EXEC_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include "node.h"

struct place {
    char path[PATH_MAX];  /* where it really is */
    char shown[PATH_MAX]; /* the program's name for it, without links */
    struct node node;
};

/* The host's folder; "" where there is none, and then nothing is ours. */
const char *place_folder(void);

/* Whether the path of openat(folder, path) leads to what the host made, or through it. Otherwise
 * the program's own call is right as it is. A last link is followed where `follow` says so. */
bool place_find(int folder, const char *path, bool follow, struct place *out);

/* The host's own file or folder by the name that the program knows, "/dev". */
void place_below(char *out, size_t size, const char *shown);

/* A name that the kernel tells, as the program is to see it: the host's folder is taken away. */
const char *place_shown(const char *path);

#endif

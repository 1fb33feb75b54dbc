/* SPDX-License-Identifier: MIT */
/*
 * The folder that the preload shim lays over /dev, /sys, /proc and /run of a program: a file for
 * each node, links by every name that udev gives a drive, and what programs read about drives.
 * Where a file stands in it, it hides the system's own; folders of both are shown as one.
 */
#ifndef VCDR_TOOLS_HOST_TREE_H
#define VCDR_TOOLS_HOST_TREE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include "host/unit.h"

/* The longest name of the folder: a socket below it must fit its 108 bytes. */
#define TREE_NAME_BYTES 80

struct tree_drive {
    struct unit_identity identity;
    uint64_t sectors;
};

/* A new folder, in the environment's TMPDIR, else /tmp. 0 or an errno value; then nothing is left.
 */
int tree_make(const struct tree_drive *drives, unsigned count, char folder[TREE_NAME_BYTES]);
/* What /sys tells of the medium's size. */
void tree_set_size(const char *folder, unsigned drive, uint64_t sectors);
void tree_remove(const char *folder);

#endif

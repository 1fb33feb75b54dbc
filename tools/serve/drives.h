/* SPDX-License-Identifier: MIT */
/* The drives that a command line asks for, with what it leaves open filled in. */
#ifndef VCDR_TOOLS_SERVE_DRIVES_H
#define VCDR_TOOLS_SERVE_DRIVES_H

#include <stdbool.h>
#include <stddef.h>

#include "serve/daemon.h"

/* The words of one option that may be repeated; they are argv's. */
struct words {
    const char **words;
    size_t count;
};
bool words_add(struct words *words, const char *word); /* false: out of memory */
void words_free(struct words *words);

struct drives_wish {
    struct words discs, names, iqns, serials, timings;
    const char *record; /* NULL: none */
    bool record_commands;
};

/* One drive a disc, or one empty drive. NULL, or what is wrong with the wish (static storage). */
const char *drives_make(const struct drives_wish *wish, struct daemon_drive **drives,
                        size_t *count);
void drives_free(struct daemon_drive *drives, size_t count);

#endif

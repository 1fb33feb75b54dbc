/* SPDX-License-Identifier: MIT */
/* What the verbs have in common that speak to a running daemon: `VERB URL ...`, or
 * `VERB --socket PATH [--drive DRIVE] ...`. */
#ifndef VCDR_TOOLS_SERVE_HANDS_H
#define VCDR_TOOLS_SERVE_HANDS_H

#include "serve/control_client.h"

/* Reads the place from argv; *rest is the index of the first word behind it. EXIT_DONE, or the exit
 * status after one line on stderr. */
int hands_place(int argc, char **argv, struct control_place *out, int *rest);

/* What an error is said of. */
const char *hands_thing(const struct control_place *place);

/* `request` is given up, NULL for want of memory. EXIT_DONE, or EXIT_FAILED after one line on
 * stderr. */
int hands_ask(const struct control_place *place, json_t *request, json_t **answer);

/* A verb that has nothing behind its place. */
int hands_simply(int argc, char **argv, const char *request);

#endif

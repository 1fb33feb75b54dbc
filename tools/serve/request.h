/* SPDX-License-Identifier: MIT */
/* What the command line of `vcdr serve` asks for. */
#ifndef VCDR_TOOLS_SERVE_REQUEST_H
#define VCDR_TOOLS_SERVE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "serve/daemon.h"

struct request {
    struct daemon_drive *drives;
    size_t drive_count;
    char portal[80]; /* numeric, for the module */
    char host[80];   /* as it stands in URLs */
    const char *ready_file;
    const char *control;
    const char *user;
    char *secret;
    int dead_peer_seconds, silent_peer_seconds; /* as daemon.h has them */
    bool exit_with_parent;
    char **command; /* NULL: none */
};

/* EXIT_DONE, or the exit status after one line on stderr. Strings are argv's where not copied. */
int request_parse(int argc, char **argv, struct request *out);
void request_free(struct request *request);

#endif

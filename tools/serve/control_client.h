/* SPDX-License-Identifier: MIT */
/* The other end of a daemon's control socket (docs/control-socket.md): one request, one answer. */
#ifndef VCDR_TOOLS_SERVE_CONTROL_CLIENT_H
#define VCDR_TOOLS_SERVE_CONTROL_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CONTROL_WHY = 512 };

/* Where a drive is: a socket in the file system with the drive's number, serial number or target
 * name in it (NULL: the only one); or the drive's URL, iscsi://host:port/target/0, whose daemon is
 * one of this user's on this machine. */
struct control_place {
    const char *socket; /* NULL: by url */
    const char *drive;
    const char *url;
};

/*
 * Sends `request` (which is given up) with the drive of that place, and waits for its answer, for
 * as long as a disc takes to become durable. *answer (may be NULL) is then the caller's. False:
 * `why` says why not, in one line.
 */
bool control_ask(const struct control_place *place, json_t *request, json_t **answer,
                 char why[CONTROL_WHY]);

/* One rule of faults (vcdr/fault.h) to the drives of the daemon with this socket; "clear" takes all
 * rules away. */
bool control_fault(const char *socket_path, const char *rule, char why[CONTROL_WHY]);

#endif

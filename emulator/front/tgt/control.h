/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The control socket of a daemon: local clients that send requests, a line of JSON each, and get an
 * answer each (docs/control-socket.md), and the record's lines if they ask for them. Nothing here
 * waits for a client: what it does not read is lost to it, or it is hung up on.
 */
#ifndef VCDR_FRONT_TGT_CONTROL_H
#define VCDR_FRONT_TGT_CONTROL_H

#include <jansson.h>

/* A socket in the file system, for this user alone. NULL, or why not (static storage). Called twice
 * for one path, there is one socket. From within the loop only, as all here. */
const char *control_open(const char *path);

/* One without a file, for this user and root alone, by the numeric "host:port" of the portal: so
 * whoever knows a drive's URL finds it. NULL, or why not. */
const char *control_open_portal(const char *portal);

/* Hangs up on everybody; the file goes away. */
void control_close(void);

struct control_client;

/* Where one answer goes, perhaps later: the client may be gone by then. */
struct control_ticket {
    struct control_client *client;
    json_t *id; /* a reference of its own; NULL: none */
};

/* Gives the answer (control_request.h), which is given up, and ends the ticket. */
void control_answer(struct control_ticket *ticket, json_t *answer);

#endif

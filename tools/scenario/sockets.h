/* SPDX-License-Identifier: MIT */
/* This process's connections to a daemon, by their local port. */
#ifndef VCDR_TOOLS_SCENARIO_SOCKETS_H
#define VCDR_TOOLS_SCENARIO_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

enum { SOCKETS_MOST = 256 };
struct sockets {
    int ports[SOCKETS_MOST];
    size_t count;
};

/* Those of this process that lead to this port. */
void sockets_list(int remote_port, struct sockets *out);
/* A port of `after` that `before` has not; 0: none. */
int sockets_new(const struct sockets *before, const struct sockets *after);
/* Shuts connections of this process down (local_port 0: all to the remote port); how many. */
unsigned sockets_cut(int remote_port, int local_port);
/* The same for all to a port, within a signal handler. */
unsigned sockets_cut_at_once(int remote_port);
/* After a fork: puts the null device in the place of what the parent had. */
void sockets_forget(int remote_port);

#endif

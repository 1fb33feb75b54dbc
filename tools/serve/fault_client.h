/* SPDX-License-Identifier: MIT */
/* The other end of a daemon's fault socket (docs/faults.md). */
#ifndef VCDR_TOOLS_SERVE_FAULT_CLIENT_H
#define VCDR_TOOLS_SERVE_FAULT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

/* Sends one rule, or "clear", and waits until it holds, 10 s at most. False: `why` says why not, in
 * one line. */
bool fault_send(const char *socket_path, const char *line, char *why, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Rules of faults for a daemon that runs: a local socket that takes one rule a line, or `clear`,
 * and answers each line with one, "ok" or "error REASON", once what it says holds (docs/faults.md).
 */
#ifndef VCDR_FRONT_TGT_FAULT_SOCKET_H
#define VCDR_FRONT_TGT_FAULT_SOCKET_H

/* Listens there, for this user alone. NULL, or why not. From within the loop only. */
const char *fault_socket_open(const char *path);

/* Takes the file away. */
void fault_socket_close(void);

#endif

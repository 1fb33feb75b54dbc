/* SPDX-License-Identifier: MIT */
/* The rules of --fault: read, so that a wrong one is told at once, and given to their drives. */
#ifndef VCDR_TOOLS_SERVE_FAULTS_H
#define VCDR_TOOLS_SERVE_FAULTS_H

#include "serve/drives.h"

/* EXIT_DONE, or the exit status after one line on stderr. */
int faults_give(const struct words *rules, struct daemon_drive *drives, size_t count);

#endif

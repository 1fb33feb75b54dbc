/* SPDX-License-Identifier: MIT */
/*
 * The kernel's stand-in for the programs of one `vcdr exec`: it holds the drives (unit.h), shows
 * them as files (tree.h), and serves the preload shims of all processes over a socket
 * (exec/protocol.h), a thread each. All of them are one nexus to a drive, as behind a real kernel.
 */
#ifndef VCDR_TOOLS_HOST_HOST_H
#define VCDR_TOOLS_HOST_HOST_H

struct host;

/* Attaches the drives and serves; `name` is what a record calls the programs. On failure nothing is
 * left, and one line was said on stderr: an enum exit_status. */
int host_start(const char *const *urls, unsigned count, const char *name, struct host **out);
/* The folder that the shim finds everything in. */
const char *host_folder(const struct host *host);
void host_stop(struct host *host);

#endif

/* SPDX-License-Identifier: MIT */
/* The program that is to run under the preload shim: found as execvp would, and looked at first. */
#ifndef VCDR_TOOLS_HOST_PROGRAM_H
#define VCDR_TOOLS_HOST_PROGRAM_H

/* EXIT_DONE, or an exit status after one line on stderr: it is not there, cannot be run, cannot be
 * preloaded (another user's rights, no dynamic linker or another C library, another kind of
 * processor), or would unmount a real drive. */
int program_check(const char *name);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The command that serve, lock and exec run. Their exit status is the command's; 128 and its signal
 * where it died of one; and as env(1) has it 127 where it is not found, 126 where it cannot be run.
 */
#ifndef VCDR_TOOLS_COMMAND_H
#define VCDR_TOOLS_COMMAND_H

#include <sys/types.h>

/* One line on stderr for a command that errno value `error` kept from running; 127 or 126. */
int command_failed(const char *name, int error);
/* What we end with after waitpid told this of the command. */
int command_status(int wait_status);

/* In a child of `parent`: becomes the command, which gets SIGTERM if the parent dies before it, so
 * that nothing goes on without the drive. Ends the child where that cannot be. */
void __attribute__((noreturn)) command_become(char *const command[], pid_t parent);

/* Runs it to its end. What the terminal sends meanwhile goes to the command, which decides; it does
 * not end us. Returns what we end with. */
int command_run(char *const command[]);

#endif

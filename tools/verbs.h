/* SPDX-License-Identifier: MIT */
/*
 * What the verbs of the program `vcdr` share: the row that describes one, and how a verb reports.
 * A verb is one function in verbs/ and one row in main.c's table.
 *
 * Exit status of every verb: 0 done, 1 the thing asked for failed, 2 usage, 77 cannot run here.
 * That of a command is passed on (command.h).
 */
#ifndef VCDR_TOOLS_VERBS_H
#define VCDR_TOOLS_VERBS_H

#include <stdbool.h>

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_CANNOT_RUN = 77,
};

struct verb {
    const char *name;
    const char *summary;               /* one clause for the list of verbs */
    const char *usage;                 /* what follows "vcdr ", one form a line */
    const char *options;               /* one line each, or NULL */
    int (*run)(int argc, char **argv); /* argv[0] is the verb's name; returns the exit status */
};

int verb_burn(int argc, char **argv);
int verb_button(int argc, char **argv);
int verb_disc(int argc, char **argv);
int verb_eject(int argc, char **argv);
int verb_exec(int argc, char **argv);
int verb_fault(int argc, char **argv);
int verb_info(int argc, char **argv);
int verb_insert(int argc, char **argv);
int verb_lock(int argc, char **argv);
int verb_owner(int argc, char **argv);
int verb_record(int argc, char **argv);
int verb_rip(int argc, char **argv);
int verb_scenario(int argc, char **argv);
int verb_send(int argc, char **argv);
int verb_serve(int argc, char **argv);
int verb_status(int argc, char **argv);

/* One line on stderr, "vcdr: THING: REASON"; returns EXIT_FAILED. */
int fail(const char *thing, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, where this machine lacks what is needed; returns EXIT_CANNOT_RUN. */
int cannot_run(const char *thing, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "vcdr VERB: REASON (vcdr VERB --help)" on stderr; returns EXIT_USAGE. */
int usage_error(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What is burned on a drive of this host stays on a real disc: wants to be meant. EXIT_DONE, or the
 * status of such a drive's URL without --yes after one line on stderr. */
int confirm_hardware(const char *verb, const char *url, bool yes);

#endif

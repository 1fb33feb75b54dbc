/* SPDX-License-Identifier: MIT */
/*
 * A tgtd of our own as a child process, unprivileged, with the drive's module preloaded. What it is
 * to do goes through an inherited descriptor (emulator/front/tgt/settings.h), never through argv.
 * It is ended with SIGTERM when its starter dies.
 */
#ifndef VCDR_TOOLS_SERVE_DAEMON_H
#define VCDR_TOOLS_SERVE_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Strings may be NULL for "none" or the module's default, but iqn may not. */
struct daemon_drive {
    const char *iqn;
    const char *disc;
    const char *record;
    bool record_commands;
    const char *name;
    const char *serial;
    const char *faults; /* rules, one a line (vcdr/fault.h) */
    const char *timing; /* of vcdr_timing_parse */
};

struct daemon_options {
    const char *module; /* path of the module; NULL: daemon_find_module's */
    const char *portal; /* numeric host:port; NULL: 127.0.0.1:0 */
    const char *user;   /* CHAP account, with its secret, or NULL */
    const char *secret;
    int dead_peer_seconds;   /* until an initiator whose host is gone is dropped; 0: when TCP gives
                              * up, negative: the module's default */
    int silent_peer_seconds; /* until one that answers nothing is dropped; 0: never */
    bool keep_control;       /* leave tgtd's control socket for tgtadm: control */
    const char *control_socket; /* a control socket there, too; NULL: none with a file */
    const char *address;        /* host of the drives' URLs; NULL: the portal's */
    const struct daemon_drive *drives;
    size_t drive_count;
};

enum { DAEMON_LOG_ROOM = 64 * 1024, DAEMON_TEXT_ROOM = 512 };

struct daemon {
    pid_t pid;  /* 0: none */
    int port;   /* once it is ready */
    int log_fd; /* its stderr, for poll; -1 at its end */
    int status_fd;
    char control[128];         /* TGT_IPC_SOCKET of tgtadm */
    char log[DAEMON_LOG_ROOM]; /* the end of what it wrote there */
    size_t log_len;
    size_t passed;    /* bytes of the log looked at for lines to pass on */
    size_t ready_len; /* bytes of the log from before it was ready */
    char thing[DAEMON_TEXT_ROOM], reason[DAEMON_TEXT_ROOM]; /* why daemon_start failed */
    bool cannot_run; /* it failed for want of a tgtd, or of one that the module knows */
};

/* Starts it and waits until a login would succeed. False with thing and reason: nothing is left. */
bool daemon_start(const struct daemon_options *options, struct daemon *daemon);

/* Reads what it wrote to stderr; passes its lines "vcdr: ..." on to ours. When log_fd is readable.
 */
void daemon_read_log(struct daemon *daemon);

/* SIGTERM; waits for the clean end, 10 s at most, then kills. Returns the wait status, -1 when it
 * had to be killed. */
int daemon_stop(struct daemon *daemon);

/* After it ended (waited for by the caller with this status): cleans up. */
void daemon_ended(struct daemon *daemon, int wait_status);

/* "killed by signal 11", "ended with status 1", with its last words where it had some since it
 * was ready. */
void daemon_describe_end(const struct daemon *daemon, int wait_status, char *buf, size_t size);

/* The module beside this program: installed, or in its build tree; VCDR_TGT_MODULE overrides. */
bool daemon_find_module(char *buf, size_t size);
/* tgtd in PATH or in the system's folders for daemons. */
bool daemon_find_tgtd(char *buf, size_t size);

#endif

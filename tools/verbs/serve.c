/* SPDX-License-Identifier: MIT */
/* vcdr serve: drives in a tgtd of our own, for as long as this program or its command runs. */
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "serve/daemon.h"
#include "serve/drives.h"

struct request {
    struct drives drives;
    const char *portal;
    const char *ready_file;
    const char *user, *secret_file;
    char *secret;
    int dead_peer_seconds;
    bool exit_with_parent;
    char **command; /* NULL: none */
};

struct service {
    const struct request *request;
    struct daemon daemon;
    char host[80]; /* as it stands in URLs */
    int signals, parent;
    pid_t command;
    int command_status;
    bool ending, daemon_died;
};

/* ---- the request ---- */

enum option {
    OPTION_DISC = 1,
    OPTION_PORTAL,
    OPTION_RECORD,
    OPTION_RECORD_COMMANDS,
    OPTION_READY_FILE,
    OPTION_NAME,
    OPTION_IQN,
    OPTION_SERIAL,
    OPTION_CHAP_USER,
    OPTION_CHAP_SECRET_FILE,
    OPTION_DEAD_PEER,
    OPTION_EXIT_WITH_PARENT,
};

static const struct option rows[] = {
    {"disc", required_argument, NULL, OPTION_DISC},
    {"portal", required_argument, NULL, OPTION_PORTAL},
    {"record", required_argument, NULL, OPTION_RECORD},
    {"record-commands", no_argument, NULL, OPTION_RECORD_COMMANDS},
    {"ready-file", required_argument, NULL, OPTION_READY_FILE},
    {"name", required_argument, NULL, OPTION_NAME},
    {"iqn", required_argument, NULL, OPTION_IQN},
    {"serial", required_argument, NULL, OPTION_SERIAL},
    {"chap-user", required_argument, NULL, OPTION_CHAP_USER},
    {"chap-secret-file", required_argument, NULL, OPTION_CHAP_SECRET_FILE},
    {"dead-peer", required_argument, NULL, OPTION_DEAD_PEER},
    {"exit-with-parent", no_argument, NULL, OPTION_EXIT_WITH_PARENT},
    {NULL, 0, NULL, 0},
};

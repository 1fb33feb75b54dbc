/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a private daemon is told by the program that started it: a file, open as the descriptor that
 * the environment's VCDR_TGT_SETTINGS names, of NUL-terminated strings "key=value". So no value is
 * ever seen in a command line or a directory, and any byte but NUL can stand in a path. A key
 * "drive" begins a drive; the keys after it belong to that drive.
 *
 *   portal=127.0.0.1:0     where to listen; numeric, [...] around IPv6, port 0: any free one
 *   status=5               descriptor for one line, "ready PORT", "error THING<TAB>REASON" or
 *                          "cannot THING<TAB>REASON" (not on this machine)
 *   user= secret=          CHAP account asked of initiators
 *   dead-peer=30           seconds until an initiator whose host is gone is dropped, 0: when TCP
 *                          gives up
 *   silent-peer=0          seconds until one that answers no NOP-In is dropped, though its host is
 *                          there, 0: never (a program that holds the drive may be busy elsewhere)
 *   control=keep           leave tgtd's control socket in place
 *   control-socket=PATH    a control socket there, beside the one that goes by the portal
 *   address=127.0.0.1      the host of the drives' URLs; the portal's own without it
 *   drive=iqn...           its target name, with disc=, record=, commands=1, name=, serial=,
 *                          faults=rules, one a line, timing=
 */
#ifndef VCDR_FRONT_TGT_SETTINGS_H
#define VCDR_FRONT_TGT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "power.h"

struct settings_drive {
    const char *iqn;
    struct power_settings power;
};

struct settings {
    char *text; /* owns every string below */
    const char *portal;
    int status; /* -1: none */
    const char *user, *secret;
    unsigned dead_peer_seconds, silent_peer_seconds;
    bool keep_control;
    const char *control_socket; /* NULL: none */
    const char *address;        /* NULL: as in the portal */
    struct settings_drive *drives;
    size_t drive_count;
};

/* Reads to the end and closes the descriptor. NULL on success, else what is wrong. */
const char *settings_read(int fd, struct settings *out);

/* The secret is overwritten. */
void settings_free(struct settings *settings);

#endif

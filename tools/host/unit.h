/* SPDX-License-Identifier: MIT */
/*
 * One drive as the kernel's sr and cdrom drivers hold it for all programs of a host: one
 * connection, and what is remembered between two opens: the door's lock, the options, whether the
 * medium changed. Any thread may call. Functions that return int give 0 or a negative errno.
 */
#ifndef VCDR_TOOLS_HOST_UNIT_H
#define VCDR_TOOLS_HOST_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/transport/transport.h"

struct unit;

/* What does not change while a drive is attached. */
struct unit_identity {
    char vendor[9], model[17], revision[5]; /* without blanks at the end */
    char serial[33];                        /* of page 80h, empty without one */
    unsigned speed;                         /* read speed in units of 176 kB/s */
    unsigned capability;                    /* CDC_ bits, as CDROM_GET_CAPABILITY tells them */
};

/* Connects, takes the attentions of power-on, and asks who it is. On failure *why receives one
 * clause for people in a malloc'ed string, or NULL. */
int unit_attach(const char *url, const char *name, struct unit **out, char **why);
void unit_detach(struct unit *unit); /* NULL is allowed */

const struct unit_identity *unit_identity(const struct unit *unit);
size_t unit_max_transfer(const struct unit *unit);

/* The file that stands for the block node: who has it open is told by the locks on it. */
void unit_set_node(struct unit *unit, int fd);

/* One CDB of a program. -ENODEV after unit_detach began. */
int unit_execute(struct unit *unit, struct transport_task *task);

/* sr's open: attentions are taken; for data, the tray is closed, a medium is demanded, the door
 * locked. A lost connection is made anew. */
int unit_open(struct unit *unit, bool for_data);
/* When nobody has the node open any more: the door that unit_open locked is unlocked. */
void unit_closed(struct unit *unit);

void unit_keep_locked(struct unit *unit, bool keep);
bool unit_changed(struct unit *unit); /* tells once */
unsigned unit_options(struct unit *unit, unsigned set, unsigned clear);
int unit_status(struct unit *unit); /* a CDS_ value, or a negative errno */

#define UNIT_SECTORS_UNKNOWN 0x1FFFFF
/* Sectors of 512 bytes; UNIT_SECTORS_UNKNOWN where the drive cannot tell, as sr has it. */
uint64_t unit_sectors(struct unit *unit);

#endif

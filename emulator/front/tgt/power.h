/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Brings a drive up from names of files: its disc, its record. Drives that name one record file
 * share it. */
#ifndef VCDR_FRONT_TGT_POWER_H
#define VCDR_FRONT_TGT_POWER_H

#include <stdbool.h>

#include "emulator/front/machine/machine.h"

struct record_share;

/* Strings are the caller's and only read during power_on; NULL takes the default. */
struct power_settings {
    const char *disc;   /* path; NULL: no medium */
    const char *record; /* path; NULL: no record */
    bool record_commands;
    const char *name; /* INQUIRY product identification */
    const char *serial;
    const char *faults; /* rules, one a line (vcdr/fault.h); NULL: none */
    const char *timing; /* "none", "real"; NULL: none */
};

struct powered {
    struct machine machine; /* target.ops NULL: off */
    struct record_share *record;
};

/* 0 or a negative enum vcdr_error; *thing then says what it is about. */
int power_on(const struct power_settings *settings, struct powered *out, const char **thing);

/* Ends the drive cleanly; nothing for one that is off. The first half waits for the disc's store
 * and may be done by any thread; the second, by the loop's, lets the record go. */
void power_off_drive(struct powered *powered);
void power_off_record(struct powered *powered);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A drive with the filter of faults in front of it, made from names of files; and the hands that
 * lay a file's disc into it. What every front end does alike; it knows no nexus, no clock, no
 * record file. Calls are serialized by the caller.
 */
#ifndef VCDR_FRONT_MACHINE_MACHINE_H
#define VCDR_FRONT_MACHINE_MACHINE_H

#include <vcdr/drive.h>
#include <vcdr/fault.h>

#define MACHINE_SERIAL "VCDR00000001" /* the default; the filter's lines name it, too */

struct machine {
    struct vcdr_target target; /* the filter; ops NULL: off */
    struct vcdr_faults *faults;
};

struct machine_parts {
    struct vcdr_drive_config drive; /* serial given; without disc and disc_name */
    const char *disc;               /* path, and the record's name for it; NULL: no medium */
    const char *faults;             /* rules (vcdr/fault.h); NULL: none */
};

/* Opens the disc in a file. Errors: those of vcdr_store_file and vcdr_disc_open. */
int machine_open_disc(const char *path, struct vcdr_disc **out);

/* Powers a drive on. *wrong is filled with VCDR_EINVAL of a rule (its message is empty for another
 * VCDR_EINVAL), and may be NULL. */
int machine_on(const struct machine_parts *parts, struct vcdr_time now, struct machine *out,
               struct vcdr_fault_error *wrong);

/* VCDR_HAND_INSERT with the disc in a file: the errors of machine_open_disc and of that hand. */
int machine_insert(struct machine *machine, const char *path, struct vcdr_time now);
/* VCDR_HAND_REMOVE, VCDR_HAND_BUTTON */
int machine_hand(struct machine *machine, enum vcdr_hand what, struct vcdr_time now);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The embedded front end: a drive in this process, no daemon, no thread of its own. Opening the
 * same disc file again gives another nexus of the same drive; it is powered off at the last close.
 * Calls on one drive are serialized inside; any thread may call.
 */
#ifndef VCDR_EMBEDDED_H
#define VCDR_EMBEDDED_H

#include <vcdr/drive.h>
#include <vcdr/fault.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vcdr_embedded; /* one nexus */

struct vcdr_embedded_options {
    const char *disc;      /* path of a disc file; NULL: a new drive with no medium */
    const char *initiator; /* this nexus's name; NULL: "embedded:<pid>:<n>" */
    const char *alias;     /* NULL: the program's name */
    const char *record;    /* path of a record file; NULL: the environment's VCDR_RECORD, or none */
    bool record_commands;  /* or the environment's VCDR_RECORD_COMMANDS, whatever it holds */
    /* Lines to a function as well (or instead); NULL: none. Only the open that powers the drive on
     * can set the record; later ones share it. */
    vcdr_record_line_fn line;
    void *line_ctx;
    /* Rules of faults (docs/faults.md), one a line or with ; between; NULL: the environment's
     * VCDR_FAULT, or none. Of the open that powers the drive on, likewise. */
    const char *faults;
    /* "none" or "real" (vcdr_timing_parse); NULL: the environment's VCDR_TIMING, or none. Of the
     * open that powers the drive on, likewise. */
    const char *timing;
};

/* Errors: those of vcdr_store_file, vcdr_disc_open and vcdr_record_file_open; VCDR_EINVAL for a
 * rule or a timing that cannot be read, said in one line on stderr. options may be NULL. */
int vcdr_embedded_open(const struct vcdr_embedded_options *options, struct vcdr_embedded **out);

/*
 * Fills command->nexus itself. Without faults and timing the outcome is always VCDR_ANSWERED. No
 * call blocks:
 * DELAYED: the answer stands there already, and the drive's clock has moved on by the delay.
 * UNANSWERED: a wire would have brought nothing; what a caller does then is its own affair.
 * CUT, POWERLESS: this nexus is lost and every later command on it has the same outcome; after
 * POWERLESS so are the others of the drive, and the next open of its disc is a new drive.
 * Wherever there is no answer, the status is TASK ABORTED.
 */
void vcdr_embedded_execute(struct vcdr_embedded *nexus, struct vcdr_command *command);

/* Adds rules of faults to the drive of this nexus: text as in the options; NULL takes all rules
 * away. All or none of them: VCDR_EINVAL with *error (may be NULL), VCDR_ENOMEM; VCDR_ESTATE: the
 * drive has no power. */
int vcdr_embedded_fault(struct vcdr_embedded *nexus, const char *text,
                        struct vcdr_fault_error *error);

/* Moves the drive's clock on, for every nexus of it. */
void vcdr_embedded_pass_time(struct vcdr_embedded *nexus, uint64_t us);

/*
 * What people do to the drive (vcdr/target.h, enum vcdr_hand, where the errors stand): lay the disc
 * of that file in; take the disc out; press the eject button. Insert also fails as opening a disc
 * does, with VCDR_EBUSY when another drive has it. A later open of the inserted disc's file finds
 * this drive. VCDR_ESTATE, too: the drive has no power.
 */
int vcdr_embedded_insert(struct vcdr_embedded *nexus, const char *disc);
int vcdr_embedded_eject(struct vcdr_embedded *nexus);
int vcdr_embedded_button(struct vcdr_embedded *nexus);
/* The strings of `out` are valid until the next call on this drive. */
int vcdr_embedded_look(struct vcdr_embedded *nexus, struct vcdr_look *out);

/* LOGICAL UNIT RESET. */
void vcdr_embedded_reset(struct vcdr_embedded *nexus);

/* Nexus loss; the last one powers the drive off. NULL is allowed. */
void vcdr_embedded_close(struct vcdr_embedded *nexus);

#ifdef __cplusplus
}
#endif
#endif

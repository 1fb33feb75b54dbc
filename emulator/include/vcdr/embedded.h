/* SPDX-License-Identifier: MIT */
/*
 * The embedded front end: a drive in this process, no daemon, no thread of its own. Opening the same
 * disc file again gives another nexus of the same drive; it is powered off at the last close. Calls
 * on one drive are serialized inside; any thread may call.
 */
#ifndef VCDR_EMBEDDED_H
#define VCDR_EMBEDDED_H

#include <vcdr/drive.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vcdr_embedded; /* one nexus */

struct vcdr_embedded_options {
    const char *disc;       /* path of a disc file; NULL: a new drive with no medium */
    const char *initiator;  /* this nexus's name; NULL: "embedded:<pid>:<n>" */
    const char *alias;      /* NULL: the program's name */
    const char *record;     /* path of a record file; NULL: the environment's VCDR_RECORD, or none */
    bool record_commands;
    /* Lines to a function as well (or instead); NULL: none. Only the open that powers the drive on
     * can set the record; later ones share it. */
    vcdr_record_line_fn line;
    void *line_ctx;
};

/* Errors: those of vcdr_store_file, vcdr_disc_open and vcdr_record_file_open. options may be NULL. */
int vcdr_embedded_open(const struct vcdr_embedded_options *options, struct vcdr_embedded **out);

/* Fills command->nexus itself. */
void vcdr_embedded_execute(struct vcdr_embedded *nexus, struct vcdr_command *command);

/* LOGICAL UNIT RESET. */
void vcdr_embedded_reset(struct vcdr_embedded *nexus);

/* Nexus loss; the last one powers the drive off. NULL is allowed. */
void vcdr_embedded_close(struct vcdr_embedded *nexus);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/*
 * The CD recorder: one logical unit, a target (vcdr/target.h). Pure: no socket, file, clock, thread
 * or global; time comes with each call, the disc lies in a store, events go to a record.
 */
#ifndef VCDR_DRIVE_H
#define VCDR_DRIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <vcdr/disc.h>
#include <vcdr/error.h>
#include <vcdr/record.h>
#include <vcdr/target.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How long things take (docs/timing.md). */
enum vcdr_timing {
    VCDR_TIMING_NONE, /* nothing takes time: each command is done when it is answered */
    /* Writing, closing, blanking, calibrating and loading take the time that a recorder needs, what
     * is written at the speed that SET CD SPEED or SET STREAMING has selected (48x until then). The
     * target then has deadlines, and outcomes VCDR_DELAYED without any fault. */
    VCDR_TIMING_REAL,
};

/* "none" or "real"; VCDR_EINVAL for another text. */
int vcdr_timing_parse(const char *text, enum vcdr_timing *out);

/* Strings are copied. NULL takes the default. */
struct vcdr_drive_config {
    const char *vendor;    /* INQUIRY, at most 8 printable ASCII characters; default "VCDR" */
    const char *product;   /* at most 16; default "CD-R RECORDER" */
    const char *revision;  /* at most 4; default: the program's version */
    const char *serial;    /* 1 to 16 printable ASCII characters; default "VCDR00000001" */
    struct vcdr_disc *disc;  /* owned by the drive on success; NULL: no medium */
    const char *disc_name;   /* what the record calls it; NULL: null */
    struct vcdr_record record; /* emit NULL: no record */
    bool record_commands;      /* `command` events too */
    enum vcdr_timing timing;   /* default: VCDR_TIMING_NONE */
};

/* Powers a drive on; its target is freed by power_off. VCDR_EINVAL names no field: check before. */
int vcdr_drive_new(const struct vcdr_drive_config *config, struct vcdr_time now,
                   struct vcdr_target *out);

/* 1 to 63 of A-Z a-z 0-9 space . , : ; - _ : may this be a caller name? (docs/wire-extension.md) */
bool vcdr_caller_name_valid(const char *name);

/* What the standard calls a command that the drive knows, "WRITE(10)"; NULL for another. */
const char *vcdr_command_name(uint8_t opcode);

#ifdef __cplusplus
}
#endif
#endif

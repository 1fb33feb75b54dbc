/* SPDX-License-Identifier: MIT */
/* What a stranger may learn of a drive and its disc by commands that change nothing. */
#ifndef VCDR_TOOLS_DRIVE_STATE_H
#define VCDR_TOOLS_DRIVE_STATE_H

#include "wire.h"
#include <stdbool.h>

#define DRIVE_STATE_MOST_TRACKS 99

struct drive_state {
    char serial[64];      /* "" where the drive has none */
    bool has_write_state; /* the vcdr wire extension's log page 39h */
    struct mmc_write_state write_state;
    uint16_t profile; /* the current one; 0 without a medium */

    bool has_disc;     /* a disc is there, and who holds the drive lets us look */
    char no_disc[128]; /* otherwise: why, in words */
    struct mmc_disc_information disc;
    unsigned tracks; /* complete ones, and one that is being written */
    struct mmc_track_information track[DRIVE_STATE_MOST_TRACKS];
    uint32_t free_blocks; /* of the track that is next; 0 on a complete disc */
};

/* 0, or an exit status after one line on stderr: the connection broke. */
int drive_state_read(struct wire *wire, struct drive_state *state);

/* "CD-R"; never NULL. */
/* What the disc is: an erasable one is a CD-RW though the profile may be that of a CD-ROM. */
const char *drive_state_medium_text(const struct drive_state *state);
/* "blank", "appendable", "complete"; never NULL. */
const char *drive_state_disc_text(const struct mmc_disc_information *disc);
/* "idle" ... as the record has it; never NULL. */
const char *drive_state_write_text(uint8_t write_state);

#endif

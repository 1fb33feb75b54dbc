/* SPDX-License-Identifier: MIT */
/* What an image makes of a disc: its tracks in order, each a run of blocks of one source. */
#ifndef VCDR_IMAGE_PLAN_H
#define VCDR_IMAGE_PLAN_H

#include "cue.h"
#include "source.h"

struct plan_track {
    unsigned source; /* index of the plan's sources */
    uint64_t offset; /* of the first block, in bytes */
    uint32_t blocks;
    enum cue_mode mode;
    unsigned session;
    uint8_t control;
    char isrc[13];
};

struct plan {
    char mcn[14];
    struct source *sources[CUE_TRACKS];
    char *names[CUE_TRACKS]; /* their paths */
    unsigned source_count;
    struct plan_track tracks[CUE_TRACKS];
    unsigned track_count;
};

/* Reads a cue sheet (by its name's ending) or takes the file as an ISO image, and opens what it
 * names. `plan` is large: the caller has it on the heap. */
int plan_make(const char *image_path, struct plan *plan, char **why);
void plan_free(struct plan *plan);

/* The lead-out that burning the plan onto a blank disc gives. */
int64_t plan_lead_out(const struct plan *plan);

#endif

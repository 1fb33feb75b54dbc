/* SPDX-License-Identifier: MIT */
/*
 * A walk: steps that say what is done in terms of what is there ("WRITE 3 blocks where the open
 * track goes on"), so that a walk from which steps were taken away is a walk still.
 */
#ifndef TESTS_MODEL_WALK_H
#define TESTS_MODEL_WALK_H

#include "model.h"

enum { WALK_STEPS = 1600, WRITE_BLOCKS = 720 /* at most, in one command */ };

enum step_kind {
    STEP_ASK = 0, /* and ask kinds from here on */
    STEP_NEXUS_LOST = ASK_KINDS,
    STEP_RESET,
    STEP_POWER_CYCLE, /* cleanly */
    STEP_POWER_CUT,
    STEP_KINDS
};

struct step {
    uint8_t kind; /* enum ask_kind or enum step_kind */
    uint8_t nexus;
    uint8_t target; /* where: 0 the open or else the next track; else a track or session number */
    uint8_t choice; /* of a name, a page, a wrong field, a way of addressing */
    int16_t delta;  /* off the right address */
    uint16_t blocks;
    uint8_t watch; /* afterwards: 0 nothing, 1 + nexus the log page, 4 + nexus the owner */
    uint8_t cut;   /* the power goes at this operation of the command on the store, 0: it stays */
    uint32_t seed; /* of what the cut leaves */
};

struct walk {
    int32_t last_lead_out;
    bool commands; /* in the record */
    unsigned steps;
    struct step step[WALK_STEPS];
};

/* xorshift64* (Vigna 2016), the same on every machine. */
struct chance {
    uint64_t state;
};
uint32_t chance(struct chance *c, uint32_t below);

void walk_make(struct walk *walk, uint64_t seed, unsigned steps);
/* The command of a step in the state that the model has. `tag` is what its blocks begin with. */
void walk_resolve(const struct model *m, const struct step *step, uint32_t tag, struct ask *ask);
/* The command as bytes: the CDB, and what stands before any blocks. Returns the length of the CDB.
 */
size_t walk_cdb(const struct ask *ask, uint8_t cdb[16], uint8_t out[128], size_t *out_len);

#endif

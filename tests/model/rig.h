/* SPDX-License-Identifier: MIT */
/* A drive on a disc whose power can be cut, walked through beside the model. */
#ifndef TESTS_MODEL_RIG_H
#define TESTS_MODEL_RIG_H

#include <stdio.h>
#include <vcdr/store.h>
#include <vcdr/target.h>

#include "walk.h"

struct failure {
    unsigned step; /* of the walk, from 0 */
    char why[600];
};

struct rig_options {
    /* Puts something between the walk and the drive; NULL: nothing. */
    struct vcdr_target (*in_front)(struct vcdr_target drive);
    struct vcdr_store *store; /* instead of one whose power can be cut; owned by the walk then */
    FILE *trace;              /* every command and its answer; NULL: none */
    FILE *scenario;           /* the walk as a scenario; NULL: none */
    bool ports; /* the second and third nexus are ports that come back; never in a scenario */
    unsigned long *commands; /* counts them; may be NULL */
    bool *cut;               /* becomes true when the power went within a command; may be NULL */
};

/* True when the drive did as the model says, to the end. */
bool walk_run(const struct walk *walk, const struct rig_options *options, struct failure *failure);

#endif

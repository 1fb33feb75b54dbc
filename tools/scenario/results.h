/* SPDX-License-Identifier: MIT */
/* What came of scenarios, for people, as TAP version 14, and as JUnit XML. */
#ifndef VCDR_TOOLS_SCENARIO_RESULTS_H
#define VCDR_TOOLS_SCENARIO_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "scenario/scenario.h"

/* One scenario that has ended. */
struct ended {
    const char *file;
    enum outcome outcome; /* never OUTCOME_RUNNING */
    double seconds;
    char *title, *message, *reason, *notes; /* never NULL; "" for none */
    char *kept;                             /* the folder that was kept, or "" */
};

struct results {
    bool tap;          /* on stdout; otherwise words for people */
    const char *junit; /* a file, or NULL */
    struct ended *ended;
    size_t count;
    size_t shown; /* of the first ones, all of which have ended */
};

/* The heading. */
void results_begin(const struct results *results);
/* The next one, in order. */
void results_show(const struct results *results, size_t index);
/* The sum, and the JUnit file; an exit status. */
int results_end(const struct results *results);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Runs scenarios, several at a time, each in a process of its own that is forked from this one: so
 * that none meets another's leavings, a crash is a failure, and one that hangs can be ended.
 */
#ifndef VCDR_TOOLS_SCENARIO_RUNNER_H
#define VCDR_TOOLS_SCENARIO_RUNNER_H

#include "scenario/files.h"
#include "scenario/results.h"
#include "scenario/scenario.h"

struct run_wish {
    struct drive_wish drive;
    unsigned jobs;         /* 1.. */
    unsigned time_limit_s; /* 1.. */
    const char *keep;      /* the folder for what failed ones leave, or NULL */
    bool tap;
    const char *junit; /* a file, or NULL */
};

/* An exit status. */
int runner_run(const struct run_wish *wish, const struct files *files);

#endif

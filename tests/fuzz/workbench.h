/* SPDX-License-Identifier: MIT */
/*
 * A drive on a platter, some nexuses and a moving clock, driven by a fuzz target's input: each
 * operation takes its arguments from there, and every answer is held against vcdr/target.h.
 */
#ifndef VCDR_TESTS_FUZZ_WORKBENCH_H
#define VCDR_TESTS_FUZZ_WORKBENCH_H

#include <vcdr/drive.h>
#include <vcdr/fault.h>

#include "tests/fuzz/input.h"
#include "tests/fuzz/platter.h"
#include "tests/fuzz/view.h"

enum { SLOTS = 4 };

struct workbench {
    struct platter *platter;
    struct vcdr_disc *disc; /* looked at, the drive's own; NULL: no medium */
    struct vcdr_target target;
    enum vcdr_timing timing;
    bool with_filter;
    struct vcdr_faults *faults; /* with a filter, while powered on */
    bool powerless;             /* a fault has cut the power */
    struct vcdr_time now;
    uint64_t nexus[SLOTS]; /* 0: not open */
    uint64_t last_nexus;
    uint64_t record_us; /* of the record's last line since power-on */
    struct view last;   /* of the disc before the latest command */
};

/* The first bytes choose the medium. */
void workbench_up(struct workbench *bench, bool with_filter, struct input *in);
/* One operation. */
void workbench_step(struct workbench *bench, struct input *in);
/* Powers off, and demands that the disc is then as it was. */
void workbench_down(struct workbench *bench);

#endif

/* SPDX-License-Identifier: MIT */
/* A failing walk, made as short and plain as it gets (delta debugging, Zeller 2002). */
#ifndef TESTS_MODEL_SHRINK_H
#define TESTS_MODEL_SHRINK_H

#include "rig.h"

/* `walk` fails before and after. Returns how many walks were tried. */
unsigned shrink(struct walk *walk, const struct rig_options *options);
/* Shrinks it and prints what it comes to. */
void report(struct walk *walk, const struct rig_options *options, unsigned long seed,
            const struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* The burn that is cut short: two sessions, audio, data and a reserved track, a stranger who asks.
 */
#ifndef TESTS_CRASH_BURN_SCRIPT_H
#define TESTS_CRASH_BURN_SCRIPT_H

#include "model/rig_parts.h"

extern const struct step burn_script[];
extern const unsigned burn_script_steps;
/* What comes next on the disc as it was left: what is open is closed, a track is written, the disc
 * is finalised; then nothing more can be written. */
extern const struct step next_burn[];
extern const unsigned next_burn_steps;

#endif

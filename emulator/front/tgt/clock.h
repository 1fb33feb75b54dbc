/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The time that the front end hands to the drives: CLOCK_MONOTONIC, and the wall clock for people.
 */
#ifndef VCDR_FRONT_TGT_CLOCK_H
#define VCDR_FRONT_TGT_CLOCK_H

#include <vcdr/target.h>

struct vcdr_time clock_now(void);

#endif

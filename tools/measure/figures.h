/* SPDX-License-Identifier: MIT */
/* Time and medians, for the programs of this folder. */
#ifndef VCDR_MEASURE_FIGURES_H
#define VCDR_MEASURE_FIGURES_H

#include <stddef.h>

double now_us(void);                         /* of a clock that nobody sets */
double median(double *values, size_t count); /* sorts them; count at least 1 */
/* Prints "bench: THING: REASON" and ends the program. */
void __attribute__((noreturn)) give_up(const char *thing, const char *reason);

#endif

/* SPDX-License-Identifier: MIT */
/* Shows what a disc holds, to people and as JSON. It only reads. */
#ifndef VCDR_TOOLS_DISC_INFO_H
#define VCDR_TOOLS_DISC_INFO_H

#include <stdio.h>
#include <vcdr/disc.h>

/* Each returns 0 or a negative enum vcdr_error. */
int disc_info_print(const struct vcdr_disc *disc, FILE *to);
int disc_info_json(const struct vcdr_disc *disc, FILE *to);

#endif

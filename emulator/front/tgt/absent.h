/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What is answered for logical units that are not there: the few CDBs that this front end answers
 * itself. */
#ifndef VCDR_FRONT_TGT_ABSENT_H
#define VCDR_FRONT_TGT_ABSENT_H

#include <vcdr/target.h>

/* `present` is the drive of the target that was asked, its ops NULL when it is off: REPORT LUNS is
 * its own to answer, whichever unit was asked. */
void absent_unit(struct vcdr_target present, struct vcdr_command *command, struct vcdr_time now);

#endif

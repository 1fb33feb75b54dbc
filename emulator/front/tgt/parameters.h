/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The iSCSI parameters of a target that holds one of our drives. */
#ifndef VCDR_FRONT_TGT_PARAMETERS_H
#define VCDR_FRONT_TGT_PARAMETERS_H

/* Sets what makes writing fast, and how long a silent initiator is kept (seconds; 0: for ever). They
 * count for logins from then on. NULL, or the name of a parameter that tgt does not take. */
const char *parameters_set(int driver, int tid, unsigned dead_peer_seconds);

#endif

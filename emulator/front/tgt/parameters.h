/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The iSCSI parameters of a target that holds one of our drives. */
#ifndef VCDR_FRONT_TGT_PARAMETERS_H
#define VCDR_FRONT_TGT_PARAMETERS_H

/*
 * Sets what makes writing fast, and with `silent_peer_seconds` above 0 that an initiator is dropped
 * which answers no NOP-In for that long. 0 sends none: tgtd, when the reply to its NOP-In comes
 * between a command and its answer, keeps that answer back until the next NOP-In. All count for
 * logins from then on. NULL, or the name of a parameter that tgt does not take.
 */
const char *parameters_set(int driver, int tid, unsigned silent_peer_seconds);

#endif

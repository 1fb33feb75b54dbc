/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The iSCSI parameters of a target that holds one of our drives. */
#ifndef VCDR_FRONT_TGT_PARAMETERS_H
#define VCDR_FRONT_TGT_PARAMETERS_H

/*
 * Sets what makes writing fast, and how often tgt sends a NOP-In. That finds a host that is gone,
 * since TCP then has something to deliver: within `dead_peer_seconds`, given the portal's half of
 * it (portal.h), and 0 sends none. With `silent_peer_seconds` above 0 an initiator has to answer as
 * well, within that time. All count for logins from then on. NULL, or the name of a parameter that
 * tgt does not take.
 */
const char *parameters_set(int driver, int tid, unsigned dead_peer_seconds,
                           unsigned silent_peer_seconds);

#endif

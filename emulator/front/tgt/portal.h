/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where the daemon listens. */
#ifndef VCDR_FRONT_TGT_PORTAL_H
#define VCDR_FRONT_TGT_PORTAL_H

/*
 * tgtd that is given no portal, or one that it cannot bind, listens on every address of the machine
 * instead. So a private daemon starts with a portal that cannot fail (--iscsi portal=127.0.0.1:0),
 * and this replaces it by the one wanted (numeric host:port, [..] around IPv6, port 0: a free one).
 * NULL and the port, else the reason (static storage).
 */
const char *portal_open(int driver, const char *wanted, int *port);

/* Connections that come to this port are given up when what was sent to them stays unacknowledged
 * for half of this time; the other half is the interval in which tgt sends (parameters.h). 0: TCP's
 * own idea of it. */
void portal_expect_answers(int port, unsigned dead_peer_seconds);

#endif

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

/* Connections that come to this port are given up when nothing of their host, not even TCP's
 * acknowledgements, has come for this time. 0: TCP's own idea of it. At most 32767 seconds. */
void portal_expect_answers(int port, unsigned dead_peer_seconds);

/* A nexus is there that was not. tgtd gives every connection that it accepts keep-alive times of
 * its own, half an hour, so ours are set behind it. */
void portal_nexus_came(void);

#endif

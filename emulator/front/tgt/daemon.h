/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A tgtd that `vcdr serve` started for itself: every target is set up in this process, without
 * tgtadm, and the starter is told when a login would succeed, or why none will. */
#ifndef VCDR_FRONT_TGT_DAEMON_H
#define VCDR_FRONT_TGT_DAEMON_H

/* `fd` holds the settings (settings.h). Ends the process when something fails. To be called in the
 * first turn of tgtd's loop; or earlier, with a reason, to say that there will be no such turn. */
void daemon_set_up(int fd, const char *refusal);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What somebody does to the drives of a daemon from outside: looks at them, inserts and ejects
 * discs, presses the button, sets faults, winds a disc back. Each waits for its turn among the
 * commands of its drive. */
#ifndef VCDR_FRONT_TGT_HANDS_H
#define VCDR_FRONT_TGT_HANDS_H

#include "control.h"
#include "control_request.h"

/* Every request but subscribe and unsubscribe. Ends the ticket, now or later. */
void hands_obey(const struct control_request *request, struct control_ticket ticket);

#endif

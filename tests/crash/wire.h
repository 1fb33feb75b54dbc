/* SPDX-License-Identifier: MIT */
/* A drive behind iSCSI as a target, so that what walks beside the model can walk on a daemon too.
 */
#ifndef TESTS_CRASH_WIRE_H
#define TESTS_CRASH_WIRE_H

#include <stdbool.h>
#include <vcdr/target.h>

/* Each nexus is a session of its own, its initiator's name the end of an IQN. power_off hangs up
 * and frees it. */
struct vcdr_target wire_target(const char *url);
/* A command got no answer. */
bool wire_broken(struct vcdr_target target);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The iSCSI connection that a command came by: whether it is closed, and how to close it. */
#ifndef VCDR_FRONT_TGT_CONNECTION_H
#define VCDR_FRONT_TGT_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "tgt_facts.h"

/* tgt lets a closed connection, and with it the nexus, live until its last command has ended. */
bool connection_is_closed(const struct tgt_cmd *cmd);

/* Closes every connection of a nexus without a word to the initiator. tgt does so at the next turn
 * of its loop. */
void connection_cut(struct tgt_target *target, uint64_t tgt_nexus_id);

#endif

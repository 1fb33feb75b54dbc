/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Commands whose answer is held back by a fault: for a time, for ever, or because their connection
 * is being cut. tgt tells a module neither of an abort nor of a lost connection, so while there are
 * some they are looked after every few milliseconds; when there are none, this costs nothing.
 */
#ifndef VCDR_FRONT_TGT_HELD_H
#define VCDR_FRONT_TGT_HELD_H

#include <vcdr/target.h>

#include "tgt_facts.h"

/* Keeps a command; its data and sense stand in it already. It ends with `status` at `due_us`, and
 * with TASK ABORTED before, when task management wants it or its connection is closed.
 * VCDR_NO_DEADLINE: it never becomes due. VCDR_ENOMEM: not kept. */
int held_keep(struct tgt_cmd *cmd, uint8_t status, uint64_t due_us);

/* Ends those whose time has come. Returns when it wants to be called again at the latest. */
uint64_t held_tick(struct vcdr_time now);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Which I_T nexuses a drive has been told of. tgt announces neither a new nexus nor a lost one, but
 * it keeps for each pair of nexus and unit a word of which it uses two bits, and which it zeroes
 * when the pair is made and at a LOGICAL UNIT RESET. A number of ours in the other bits therefore
 * tells known pairs from new ones, and a known nexus whose number is gone tells of a reset.
 *
 * tgtd is single-threaded, so a scan before each command is exact for all that an initiator can
 * see.
 */
#ifndef VCDR_FRONT_TGT_NEXUSES_H
#define VCDR_FRONT_TGT_NEXUSES_H

#include <stdbool.h>
#include <stddef.h>
#include <vcdr/target.h>

#include "tgt_facts.h"

struct nexus_slot {
    uint64_t tgt_id; /* tgt's number of the nexus; 0: this slot is free */
    uint64_t id;     /* ours, never used twice */
    uint64_t scan;   /* the last scan that met it */
};

struct nexuses {
    struct nexus_slot *slots;
    size_t room;
    size_t count; /* slots in use */
    uint64_t scans;
    uint64_t ids; /* given out so far */
    bool reset;   /* one came by, of which the drive has not been told */
};

/* Compares the books with tgt's lists and tells the drive, in this order, of nexuses lost, and of
 * new nexuses. One that cannot be announced for lack of memory is tried again. In between stands a
 * reset, which may take a while: true, then `reset` is set, and the caller tells the drive of it,
 * clears it and scans again. */
bool nexuses_scan(struct nexuses *nexuses, struct tgt_unit *unit, struct vcdr_target target,
                  struct vcdr_time now);

/* The id under which the drive knows this nexus, 0 when it does not. */
uint64_t nexuses_id(const struct nexuses *nexuses, const struct tgt_nexus_unit *pair);

/* Forgets all, without telling the drive, and frees. */
void nexuses_clear(struct nexuses *nexuses);

#endif

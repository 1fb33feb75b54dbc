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
    size_t count; /* slots in use, those of lost nexuses aside */
    uint64_t scans;
    uint64_t ids; /* given out so far */
    bool unknown; /* the last scan met one that is not in the books */
    /* what the drive has not been told of */
    size_t lost;
    bool reset;
};

/* Compares the books with tgt's lists. True: there is something to tell of. */
bool nexuses_scan(struct nexuses *nexuses, struct tgt_unit *unit);

/* Tells the drive of nexuses lost, then of a reset; that may wait for the disc's store. The only
 * one of these that is for any thread, while nobody else has the books. */
void nexuses_tell(struct nexuses *nexuses, struct vcdr_target target, struct vcdr_time now);

/* Tells the drive of new nexuses that the scan met, after what there was to tell of. One that
 * cannot be announced for lack of memory is tried again. */
void nexuses_announce(struct nexuses *nexuses, struct tgt_unit *unit, struct vcdr_target target,
                      struct vcdr_time now);

/* The id under which the drive knows this nexus, 0 when it does not. */
uint64_t nexuses_id(const struct nexuses *nexuses, const struct tgt_nexus_unit *pair);

/* Forgets all, without telling the drive, and frees. */
void nexuses_clear(struct nexuses *nexuses);

#endif

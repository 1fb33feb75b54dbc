/* SPDX-License-Identifier: MIT */
/*
 * A store for fuzz targets, whose bytes outlive the store: closing it and cutting the power leave a
 * platter, from which the next store is made. It can be told to fail, and what was not flushed when
 * the power was cut survives in any part.
 */
#ifndef VCDR_TESTS_FUZZ_PLATTER_H
#define VCDR_TESTS_FUZZ_PLATTER_H

#include <stdbool.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>

struct platter;

struct platter *platter_new(void);
/* A blank disc, as vcdr_disc_create makes it. */
struct platter *platter_blank(const struct vcdr_geometry *geometry);
void platter_free(struct platter *platter); /* no store of it is open */

/* A store over these bytes; its close leaves them as they are. */
struct vcdr_store platter_store(struct platter *platter);

/* Write or flush number `n` from now on, and all after it, fail with VCDR_EIO; 0: none does. Also a
 * write that would make the platter hold more than some megabytes fails. */
void platter_fail_from(struct platter *platter, unsigned n);
/* A write or a flush has failed since the last platter_mend. */
bool platter_failed(const struct platter *platter);
void platter_mend(struct platter *platter);

/* The power fails: of the writes since the last flush, in order, the one with bit (i % 8) of `kept`
 * set stays, cut to its first half where the bit of `torn` is set too; the others never happened.
 */
void platter_cut(struct platter *platter, uint8_t kept, uint8_t torn);

#endif

/* SPDX-License-Identifier: MIT */
/* All that a disc says of itself, to be compared with what it says later or after a power cycle. */
#ifndef VCDR_TESTS_FUZZ_VIEW_H
#define VCDR_TESTS_FUZZ_VIEW_H

#include <stdbool.h>
#include <vcdr/disc.h>

struct view {
    struct vcdr_disc_info info;
    struct vcdr_track tracks[100]; /* the invisible one included, if there is one */
    int32_t next_writable[100];    /* INT32_MIN: none */
    uint32_t free_blocks[100];
    unsigned track_count;
    struct vcdr_session sessions[101];
};

/* Also demands what vcdr/disc.h says of any disc: numbers without gaps, tracks and sessions that
 * rise and do not overlap. */
void view_take(const struct vcdr_disc *disc, struct view *view);
bool view_same(const struct view *a, const struct view *b);
/* Is a session at once open in it? It is damaged once the disc has been closed. */
bool view_at_once(const struct view *view);
/* What is complete in `before` is in `after` as it was. */
bool view_keeps(const struct view *before, const struct view *after);

#endif

/* SPDX-License-Identifier: MIT */
/* A disc in memory for one test, and the few words that its tests are written in. */
#ifndef DISC_FIXTURE_H
#define DISC_FIXTURE_H

#include <vcdr/disc.h>

/* Group fixtures of cmocka: *state is a blank 80-minute CD-R. */
int blank_cd_r(void **state);
int blank_cd_rw(void **state);
int put_away(void **state);

/* Opens the next track for blocks of this type, with fitting control. */
int open_next_track(struct vcdr_disc *disc, uint8_t block_type);
/* Appends so many blocks, all bytes of them `fill`. */
int write_fill(struct vcdr_disc *disc, uint32_t blocks, uint8_t fill);
/* Opens, writes and closes a track. */
void burn_track(struct vcdr_disc *disc, uint8_t block_type, uint32_t blocks, uint8_t fill);

int32_t nwa_of(struct vcdr_disc *disc, unsigned track);
uint32_t free_of(struct vcdr_disc *disc, unsigned track);
struct vcdr_track track_of_disc(struct vcdr_disc *disc, unsigned track);
struct vcdr_session session_of_disc(struct vcdr_disc *disc, unsigned session);

#endif

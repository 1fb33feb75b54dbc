/* SPDX-License-Identifier: MIT */
/* Short burns of blocks that can be told apart, for tests that repeat them at every fault. */
#ifndef DISC_SCRIPT_H
#define DISC_SCRIPT_H

#include <vcdr/disc.h>

/* The block that every script writes at this place of a track: no two are the same. */
void script_block(unsigned track, uint32_t block, uint8_t *to, unsigned bytes);
/* Writes so many of them to the open track, in calls of 7 blocks. */
int script_write(struct vcdr_disc *disc, uint32_t blocks);

/* The same in a session at once, by address, up to its next change of size. */
int script_write_at_once(struct vcdr_disc *disc, uint32_t blocks);

/* A step of a burn: on success its effect is durable where `durable` says so. */
struct script_step {
    const char *name;
    bool durable;
    int (*run)(struct vcdr_disc *disc);
};
/* Two audio tracks and a data track in two sessions, a flush in the middle, a reservation. */
extern const struct script_step burn_script[];
extern const unsigned burn_script_steps;
/* A session at once, audio and data, a raw one, and one that is given up. */
extern const struct script_step at_once_script[];
extern const unsigned at_once_script_steps;
/* Its steps, for other scripts. */
int script_open_session(struct vcdr_disc *disc);
int script_write_session(struct vcdr_disc *disc); /* what is missing up to the next size */
int script_open_raw(struct vcdr_disc *disc);
int script_close_raw(struct vcdr_disc *disc);

/* Everything that a program can ask of a disc, as text. */
char *script_state(const struct vcdr_disc *disc);
/* Fails the test unless every readable block holds what the script wrote there, or padding. */
void script_check_data(struct vcdr_disc *disc);

#endif

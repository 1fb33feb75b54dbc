/* SPDX-License-Identifier: MIT */
/* Files, discs and comparisons that the tests of images are written in. */
#ifndef IMAGE_FIXTURE_H
#define IMAGE_FIXTURE_H

#include <stddef.h>
#include <stdint.h>
#include <vcdr/disc.h>

/* Fixtures: the test runs in an empty folder of its own, which goes with all that is in it. */
int enter_folder(void **state);
int leave_folder(void **state);

/* Files; what get_file returns is the caller's, with a NUL behind it. */
void put_file(const char *name, const void *data, size_t len);
uint8_t *get_file(const char *name, size_t *len);

/* So many blocks as script_block makes them for that track. */
void put_blocks(const char *name, unsigned track, uint32_t blocks, unsigned bytes);

/* A blank 80-minute disc in memory; a disc file read-only; an image burned to a new disc. */
struct vcdr_disc *new_disc(void);
struct vcdr_disc *open_file(const char *name);
struct vcdr_disc *must_burn(const char *image);

/* The same tracks, indexes, sessions and CD-Text, and every block of the program areas that can be
 * read the same. How they were recorded may differ. */
void check_same(struct vcdr_disc *a, struct vcdr_disc *b);

/* Two discs have the same raw blocks. */
void check_blocks_same(struct vcdr_disc *a, struct vcdr_disc *b, int32_t lba, uint32_t blocks);

/* The disc has the blocks of script_block(track) from lba on. */
void check_blocks(struct vcdr_disc *disc, unsigned track, int32_t lba, uint32_t blocks);

/* Burning and importing fail with this code and this line, and leave nothing behind. */
void check_refused(const char *image, int rc, const char *expected);

/* RIFF WAVE, 2 channels of 16 bits, whose samples are the blocks of track 5. */
void put_wave(const char *name, uint32_t rate, uint32_t frames);

#endif

/* SPDX-License-Identifier: MIT */
/* A disc as an image for a writer, and its blocks. */
#ifndef VCDR_IMAGE_OF_DISC_H
#define VCDR_IMAGE_OF_DISC_H

#include <vcdr/disc.h>

#include "image.h"
#include "out.h"

/* Every complete track, its blocks one behind the other in one source of 2352-byte blocks that this
 * names; `name` is what *why calls it. The 150 blocks before a session are not among them. What
 * cannot be read of a track-at-once disc (run-outs, linking) is. On failure the caller frees what
 * the image has. VCDR_ESTATE: no track is complete, or one before a complete one is not. */
int image_of_disc(struct vcdr_disc *disc, const char *source, const char *name, struct image *image,
                  char **why);

/* Writes that source. */
int image_copy_blocks(struct vcdr_disc *disc, const struct image *image, struct out *out,
                      char **why);

#endif

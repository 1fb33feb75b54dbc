/* SPDX-License-Identifier: MIT */
/* The formats of images, a row each. */
#ifndef VCDR_IMAGE_FORMATS_H
#define VCDR_IMAGE_FORMATS_H

#include <stdio.h>

#include "image.h"

enum image_format_name { IMAGE_FORMAT_CUE, IMAGE_FORMAT_TOC, IMAGE_FORMAT_ISO, IMAGE_FORMATS };

struct image_format {
    const char *ending; /* of a file's name, any case; NULL: what no other row takes */
    /* The image is all zeros before; on failure the caller frees what it has. */
    int (*read)(const char *path, struct image *image, char **why);
    /* Writes the sheet; NULL: the format has none. Failures of the stream are seen when it ends;
     * VCDR_ENOMEM. */
    int (*write)(const struct image *image, const char *const *packs_names, FILE *sheet);
    bool packs; /* CD-Text goes to files of its own */
    /* Can the format say it? NULL: it can say all. */
    int (*check)(const struct image *image, const char *path, char **why);
};

extern const struct image_format image_formats[IMAGE_FORMATS];

/* Reads by the ending of the name and finishes the image, which is the caller's to free, on failure
 * nothing. */
int image_read(const char *path, struct image *image, char **why);

#endif

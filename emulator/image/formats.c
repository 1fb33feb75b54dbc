/* SPDX-License-Identifier: MIT */
#include "formats.h"

#include <string.h>
#include <strings.h>
#include <vcdr/error.h>

#include "cue.h"
#include "iso.h"
#include "toc.h"

const struct image_format image_formats[IMAGE_FORMATS] = {
    [IMAGE_FORMAT_CUE] = {.ending = ".cue", .read = cue_read, .write = cue_write, .packs = true},
    [IMAGE_FORMAT_TOC] = {.ending = ".toc",
                          .read = toc_read,
                          .write = toc_write,
                          .check = toc_check},
    [IMAGE_FORMAT_ISO] = {.read = iso_read},
};

int image_read(const char *path, struct image *image, char **why)
{
    const char *dot = strrchr(path, '.');
    unsigned f = 0;
    int rc;

    while (image_formats[f].ending && !(dot && strcasecmp(dot, image_formats[f].ending) == 0))
        f++;
    memset(image, 0, sizeof(*image));
    rc = image_formats[f].read(path, image, why);
    if (rc == VCDR_OK)
        rc = image_finish(image, path, why);
    if (rc != VCDR_OK)
        image_free(image);
    return rc;
}

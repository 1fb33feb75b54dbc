/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "iso.h"
#include "reason.h"

int iso_read(const char *path, struct image *image, char **why)
{
    const struct image_piece gap = {.track = 1, .source = IMAGE_ZEROS, .blocks = CD_PREGAP_BLOCKS};
    struct image_piece body = {.track = 1, .index = 1};
    uint64_t bytes;
    int rc = image_add_source(image, strdup(path), SOURCE_BYTES, why);

    if (rc != VCDR_OK)
        return rc;
    bytes = source_bytes(image->sources[0]);
    if (bytes == 0 || bytes % CD_USER_BLOCK_BYTES != 0)
        return reason(why, VCDR_EINVAL, "%s: is no ISO image: %llu bytes, no multiple of 2048",
                      path, (unsigned long long)bytes);
    if (bytes / CD_USER_BLOCK_BYTES >= IMAGE_DISC_LIMIT)
        return reason(why, VCDR_ENOSPACE, "%s: is larger than any disc", path);
    body.blocks = (uint32_t)(bytes / CD_USER_BLOCK_BYTES);
    image->tracks[0] =
        (struct image_track){.mode = IMAGE_MODE1_2048, .session = 1, .control = CONTROL_DATA};
    image->track_count = 1;
    rc = image_add_piece(image, &gap, why);
    return rc == VCDR_OK ? image_add_piece(image, &body, why) : rc;
}

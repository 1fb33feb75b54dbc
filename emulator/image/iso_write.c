/* SPDX-License-Identifier: MIT */
/* The user data of one track. */
#include <stdlib.h>
#include <vcdr/codes.h>
#include <vcdr/image.h>

#include "out.h"
#include "reason.h"

enum { AT_ONCE = 64 }; /* blocks of one read */

static int copy_user(struct vcdr_disc *disc, const struct vcdr_track *track, struct out *out,
                     char **why)
{
    uint8_t *buf = malloc((size_t)AT_ONCE * CD_USER_BLOCK_BYTES);
    int rc = VCDR_OK;

    if (!buf)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", out->name);
    for (uint32_t at = 0; rc == VCDR_OK && at < track->written; at += AT_ONCE) {
        uint32_t n = track->written - at < AT_ONCE ? track->written - at : AT_ONCE, done;
        int32_t lba = track->start_lba + (int32_t)at;

        rc = vcdr_disc_read_user(disc, lba, n, buf, &done);
        if (rc != VCDR_OK)
            reason(why, rc, "%s: block %ld of the disc: %s", out->name, (long)lba + (long)done,
                   vcdr_strerror(rc));
        else
            rc = out_write(out, buf, (size_t)n * CD_USER_BLOCK_BYTES, why);
    }
    free(buf);
    return rc;
}

static int find_data_track(struct vcdr_disc *disc, unsigned number, const char *name,
                           struct vcdr_track *track, char **why)
{
    unsigned tracks = vcdr_disc_info(disc)->tracks;

    for (unsigned n = number ? number : 1; n <= (number ? number : tracks); n++) {
        if (vcdr_disc_track(disc, n, track) != VCDR_OK || track->state != VCDR_TRACK_COMPLETE)
            continue;
        if (track->control & CONTROL_DATA)
            return VCDR_OK;
        if (number)
            return reason(why, VCDR_EMODE, "%s: track %u of the disc is audio", name, number);
    }
    if (number)
        return reason(why, VCDR_ENOENT, "%s: the disc has no complete track %u", name, number);
    return reason(why, VCDR_ENOENT, "%s: the disc has no complete data track", name);
}

int vcdr_image_export_iso(struct vcdr_disc *disc, unsigned number, const char *iso_path, char **why)
{
    struct vcdr_track track;
    struct out out;
    int rc = find_data_track(disc, number, iso_path, &track, why);

    if (rc == VCDR_OK)
        rc = out_open(&out, iso_path, why);
    if (rc != VCDR_OK)
        return rc;
    rc = copy_user(disc, &track, &out, why);
    return out_close(&out, rc, why);
}

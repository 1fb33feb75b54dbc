/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "cue.h"

static void put_track(FILE *f, unsigned number, const struct image_track *track)
{
    fprintf(f, "  TRACK %02u %s\n", number, cue_mode_name(track->mode));
    if (track->control & (CONTROL_COPY_PERMITTED | CONTROL_PRE_EMPHASIS | 8))
        fprintf(f, "    FLAGS%s%s%s\n", track->control & CONTROL_COPY_PERMITTED ? " DCP" : "",
                track->control & 8 ? " 4CH" : "",
                track->control & CONTROL_PRE_EMPHASIS ? " PRE" : "");
    if (track->isrc[0])
        fprintf(f, "    ISRC %s\n", track->isrc);
}

static void put_indexes(FILE *f, const struct image *image, unsigned number)
{
    unsigned bytes = image_mode_bytes(image->tracks[number - 1].mode);

    for (unsigned i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];
        unsigned at = (unsigned)(piece->offset / bytes);

        if (piece->track == number)
            fprintf(f, "    INDEX %02u %02u:%02u:%02u\n", piece->index,
                    at / (60 * CD_BLOCKS_PER_SECOND), at / CD_BLOCKS_PER_SECOND % 60,
                    at % CD_BLOCKS_PER_SECOND);
    }
}

int cue_write(const struct image *image, const char *const *packs_names, FILE *f)
{
    unsigned session = 0;

    if (image->mcn[0])
        fprintf(f, "CATALOG %s\n", image->mcn);
    if (packs_names[0])
        fprintf(f, "CDTEXTFILE \"%s\"\n", packs_names[0]);
    fprintf(f, "FILE \"%s\" BINARY\n", image->names[0]);
    for (unsigned t = 0; t < image->track_count; t++) {
        const struct image_track *track = &image->tracks[t];

        if (track->session != session) {
            session = track->session;
            fprintf(f, "REM SESSION %02u\n", session);
            if (session > 1 && packs_names[session - 1])
                fprintf(f, "CDTEXTFILE \"%s\"\n", packs_names[session - 1]);
        }
        put_track(f, t + 1, track);
        put_indexes(f, image, t + 1);
    }
    return VCDR_OK;
}

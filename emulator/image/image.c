/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>
#include <vcdr/error.h>

#include "reason.h"

unsigned image_mode_bytes(enum image_mode mode)
{
    static const uint16_t bytes[] = {
        [IMAGE_AUDIO] = 2352,      [IMAGE_MODE1_2048] = 2048, [IMAGE_MODE1_2352] = 2352,
        [IMAGE_MODE2_2336] = 2336, [IMAGE_MODE2_2352] = 2352,
    };

    return bytes[mode];
}

int image_add_source(struct image *image, char *path, enum source_kind kind, char **why)
{
    int rc;

    if (!path)
        return reason(why, VCDR_ENOMEM, "out of memory");
    rc = source_open(path, kind, &image->sources[image->source_count], why);
    if (rc != VCDR_OK) {
        free(path);
        return rc;
    }
    image->names[image->source_count++] = path;
    return VCDR_OK;
}

static int make_room(struct image *image, char **why)
{
    unsigned room = image->piece_room ? 2 * image->piece_room : 128;
    struct image_piece *pieces;

    if (image->piece_count < image->piece_room)
        return VCDR_OK;
    pieces = realloc(image->pieces, room * sizeof(*pieces));
    if (!pieces)
        return reason(why, VCDR_ENOMEM, "out of memory");
    image->pieces = pieces;
    image->piece_room = room;
    return VCDR_OK;
}

static int insert_piece(struct image *image, unsigned at, const struct image_piece *piece,
                        char **why)
{
    int rc = make_room(image, why);

    if (rc != VCDR_OK)
        return rc;
    memmove(&image->pieces[at + 1], &image->pieces[at],
            (image->piece_count - at) * sizeof(image->pieces[0]));
    image->pieces[at] = *piece;
    image->piece_count++;
    return VCDR_OK;
}

int image_add_piece(struct image *image, const struct image_piece *piece, char **why)
{
    return piece->blocks == 0 ? VCDR_OK : insert_piece(image, image->piece_count, piece, why);
}

/* ---- what every reader ends with ---- */

/* Blocks from a track's index 1 to the next one of its session, or to the lead-out. */
static uint64_t span_of(const struct image *image, unsigned track)
{
    const struct image_track *next = &image->tracks[track];
    bool shares = track < image->track_count && next->session == next[-1].session;
    uint64_t blocks = 0;

    for (unsigned i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];

        if ((piece->track == track && piece->index > 0) ||
            (shares && piece->track == track + 1 && piece->index == 0))
            blocks += piece->blocks;
    }
    return blocks;
}

static int fill_up(struct image *image, unsigned track, char **why)
{
    uint64_t span = span_of(image, track);
    unsigned behind = 0;
    struct image_piece zeros;

    if (span >= CD_MIN_TRACK_BLOCKS)
        return VCDR_OK;
    while (behind < image->piece_count && image->pieces[behind].track <= track)
        behind++;
    zeros = (struct image_piece){
        .track = (uint8_t)track,
        .index = image->pieces[behind - 1].index,
        .source = IMAGE_ZEROS,
        .blocks = (uint32_t)(CD_MIN_TRACK_BLOCKS - span),
    };
    return insert_piece(image, behind, &zeros, why);
}

/* A sub-header is there twice (ECMA-130 and the XA book); 2336 bytes without form have none. */
static int look_at_form(struct image *image, unsigned track, char **why)
{
    struct image_track *of = &image->tracks[track - 1];
    unsigned at = of->mode == IMAGE_MODE2_2352 ? 16 : 0;
    uint8_t head[24];

    if (of->mode != IMAGE_MODE2_2352 && of->mode != IMAGE_MODE2_2336)
        return VCDR_OK;
    for (unsigned i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];
        int rc;

        if (piece->track != track || piece->index == 0 || piece->source == IMAGE_ZEROS)
            continue;
        rc = source_read(image->sources[piece->source], piece->offset, head, sizeof(head), why);
        of->formless = rc == VCDR_OK && memcmp(head + at, head + at + 4, 4) != 0;
        return rc;
    }
    return VCDR_OK;
}

int image_finish(struct image *image, const char *name, char **why)
{
    uint64_t blocks = 0;

    for (unsigned i = 0; i < image->piece_count; i++) {
        blocks += image->pieces[i].blocks;
        if (blocks >= IMAGE_DISC_LIMIT + CD_PREGAP_BLOCKS)
            return reason(why, VCDR_ENOSPACE, "%s: is longer than any disc", name);
    }
    for (unsigned track = 1; track <= image->track_count; track++) {
        int rc = fill_up(image, track, why);

        if (rc == VCDR_OK)
            rc = look_at_form(image, track, why);
        if (rc != VCDR_OK)
            return rc;
    }
    return VCDR_OK;
}

int64_t image_lead_out(const struct image *image)
{
    int64_t lba = -CD_PREGAP_BLOCKS;
    unsigned session = 1;

    for (unsigned i = 0; i < image->piece_count; i++) {
        unsigned of = image->tracks[image->pieces[i].track - 1].session;

        if (of != session)
            lba += (session == 1 ? 11400 : 6900) - CD_PREGAP_BLOCKS;
        session = of;
        lba += image->pieces[i].blocks;
    }
    return lba;
}

void image_free(struct image *image)
{
    for (unsigned i = 0; i < image->source_count; i++) {
        source_close(image->sources[i]);
        free(image->names[i]);
    }
    for (unsigned i = 0; i < IMAGE_TRACKS; i++)
        free(image->text[i].packs);
    free(image->pieces);
    memset(image, 0, sizeof(*image));
}

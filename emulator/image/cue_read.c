/* SPDX-License-Identifier: MIT */
/* Where a cue sheet's tracks lie in its files, and what lies in none of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>
#include <vcdr/subchannel.h>

#include "cue.h"
#include "reason.h"
#include "sheet.h"

/* Blocks of several sizes may follow each other in one file: walks from one time to the next. */
struct cursor {
    int file;
    int32_t at;      /* blocks from the file's start */
    uint64_t offset; /* the same in bytes */
};

static void move(struct cursor *cursor, int file, int32_t to, enum image_mode mode)
{
    if (cursor->file != file)
        *cursor = (struct cursor){.file = file};
    cursor->offset += (uint64_t)(to - cursor->at) * image_mode_bytes(mode);
    cursor->at = to;
}

/* First byte of each track's pre-gap and of its index 1, in their files. */
struct place {
    uint64_t gap, index;
};

static void find_places(const struct cue *cue, struct place *places)
{
    struct cursor cursor = {.file = -1};

    for (unsigned t = 0; t < cue->track_count; t++) {
        const struct cue_track *track = &cue->tracks[t];
        /* Up to this track lies the one before it; at a file's start, this one itself. */
        bool shares =
            t > 0 && cursor.file == (track->gap_file >= 0 ? track->gap_file : track->file);
        enum image_mode before = shares ? cue->tracks[t - 1].mode : track->mode;

        if (track->gap_file >= 0) {
            move(&cursor, track->gap_file, track->gap, before);
            places[t].gap = cursor.offset;
            move(&cursor, track->file, track->at[1], track->mode);
        } else {
            move(&cursor, track->file, track->at[1], before);
        }
        places[t].index = cursor.offset;
    }
}

/* The byte behind a track's last in its own file. */
static uint64_t end_of(const struct image *image, const struct cue *cue, const struct place *places,
                       unsigned t)
{
    const struct cue_track *track = &cue->tracks[t];

    if (t + 1 < cue->track_count) {
        const struct cue_track *next = &cue->tracks[t + 1];

        if (next->gap_file == track->file)
            return places[t + 1].gap;
        if (next->gap_file < 0 && next->file == track->file)
            return places[t + 1].index;
    }
    return source_bytes(image->sources[track->file]);
}

struct reading {
    const char *sheet;
    const struct cue *cue;
    struct image *image;
    struct place places[CUE_TRACKS];
    char **why;
};

/* `end` lies behind `begin`, inside the file, a whole number of blocks away. */
static int check_run(const struct reading *r, unsigned t, int file, uint64_t begin, uint64_t end)
{
    const struct cue_track *track = &r->cue->tracks[t];
    unsigned bytes = image_mode_bytes(track->mode);
    enum cue_file_type type = r->cue->files[file].type;

    if (type == CUE_WAVE && track->mode != IMAGE_AUDIO)
        return reason(r->why, VCDR_EINVAL, "%s:%u: a data track in a WAVE file", r->sheet,
                      track->line);
    if (begin >= end || end > source_bytes(r->image->sources[file]))
        return reason(r->why, VCDR_EINVAL, "%s:%u: track %u lies beyond the end of %s", r->sheet,
                      track->line, t + 1, r->image->names[file]);
    if ((end - begin) % bytes != 0 && type != CUE_WAVE)
        return reason(r->why, VCDR_EINVAL,
                      "%s:%u: track %u is no whole number of %u-byte blocks of %s", r->sheet,
                      track->line, t + 1, bytes, r->image->names[file]);
    if ((end - begin) / bytes >= IMAGE_DISC_LIMIT)
        return reason(r->why, VCDR_ENOSPACE, "%s:%u: track %u is longer than any disc", r->sheet,
                      track->line, t + 1);
    return VCDR_OK;
}

static int add_zeros(const struct reading *r, unsigned t, unsigned index, int32_t blocks)
{
    return image_add_piece(r->image,
                           &(struct image_piece){
                               .track = (uint8_t)(t + 1),
                               .index = (uint8_t)index,
                               .source = IMAGE_ZEROS,
                               .blocks = (uint32_t)blocks,
                           },
                           r->why);
}

/* The last block of sound may be begun only. */
static int add_run(const struct reading *r, unsigned t, unsigned index, int file, uint64_t begin,
                   uint64_t end)
{
    unsigned bytes = image_mode_bytes(r->cue->tracks[t].mode);
    int rc = check_run(r, t, file, begin, end);

    if (rc != VCDR_OK)
        return rc;
    return image_add_piece(r->image,
                           &(struct image_piece){
                               .track = (uint8_t)(t + 1),
                               .index = (uint8_t)index,
                               .source = file,
                               .offset = begin,
                               .blocks = (uint32_t)((end - begin + bytes - 1) / bytes),
                           },
                           r->why);
}

/* A session begins with two seconds that no file has; PREGAP can make them longer. */
static int add_pregap(const struct reading *r, unsigned t)
{
    const struct cue_track *track = &r->cue->tracks[t];
    bool first = t == 0 || track[-1].session != track->session;
    int32_t zeros = first && track->pregap < CD_PREGAP_BLOCKS ? CD_PREGAP_BLOCKS : track->pregap;
    uint64_t begin = r->places[t].gap, end;
    int rc = add_zeros(r, t, 0, zeros);

    if (rc != VCDR_OK || track->gap_file < 0)
        return rc;
    end = track->gap_file == track->file ? r->places[t].index
                                         : source_bytes(r->image->sources[track->gap_file]);
    return begin == end ? VCDR_OK : add_run(r, t, 0, track->gap_file, begin, end);
}

static int add_track(const struct reading *r, unsigned t)
{
    const struct cue_track *track = &r->cue->tracks[t];
    uint64_t last = end_of(r->image, r->cue, r->places, t);
    int rc = check_run(r, t, track->file, r->places[t].index, last);

    if (rc == VCDR_OK)
        rc = add_pregap(r, t);
    for (unsigned i = 1; rc == VCDR_OK && i <= track->indexes; i++) {
        uint64_t blocks = (uint64_t)(track->at[i] - track->at[1]), end = last;
        unsigned bytes = image_mode_bytes(track->mode);

        if (i < track->indexes)
            end = r->places[t].index + (uint64_t)(track->at[i + 1] - track->at[1]) * bytes;
        rc = add_run(r, t, i, track->file, r->places[t].index + blocks * bytes, end);
    }
    if (rc == VCDR_OK)
        rc = add_zeros(r, t, track->indexes, track->postgap);
    return rc;
}

static int add_tracks(const char *sheet, const struct cue *cue, struct image *image, char **why)
{
    struct reading r = {.sheet = sheet, .cue = cue, .image = image, .why = why};
    int rc = VCDR_OK;

    find_places(cue, r.places);
    for (unsigned t = 0; rc == VCDR_OK && t < cue->track_count; t++) {
        const struct cue_track *track = &cue->tracks[t];

        image->tracks[t] = (struct image_track){
            .mode = track->mode,
            .session = track->session,
            .line = track->line,
            .control = track->control,
        };
        memcpy(image->tracks[t].isrc, track->isrc, sizeof(track->isrc));
        image->track_count = t + 1;
        rc = add_track(&r, t);
    }
    memcpy(image->mcn, cue->mcn, sizeof(image->mcn));
    return rc;
}

/* ---- CD-Text ---- */

/* Packs as they are, with the four bytes of a READ TOC reply before them, or a NUL behind. */
static int read_packs(const char *path, struct image_text *text, char **why)
{
    char *bytes;
    size_t len, skip;
    int rc;

    if (!path)
        return reason(why, VCDR_ENOMEM, "out of memory");
    rc = sheet_text(path, &bytes, &len, why);
    if (rc != VCDR_OK)
        return rc;
    skip = len % VCDR_PACK_BYTES == 4 ? 4 : 0;
    text->count = (unsigned)((len - skip) / VCDR_PACK_BYTES);
    if (len % VCDR_PACK_BYTES > 1 && skip == 0)
        rc = reason(why, VCDR_EINVAL, "%s: no packs of CD-Text: %zu bytes, no multiple of 18", path,
                    len);
    else if (text->count == 0 || text->count > 2048)
        rc = reason(why, VCDR_EINVAL, "%s: %u packs of CD-Text, not 1 to 2048", path, text->count);
    if (rc != VCDR_OK) {
        free(bytes);
        return rc;
    }
    memmove(bytes, bytes + skip, len - skip);
    text->packs = (uint8_t *)bytes;
    return VCDR_OK;
}

static int make_packs(const char *sheet, const struct cue *cue, unsigned first, unsigned last,
                      struct image_text *text, char **why)
{
    int rc = cd_text_make(&cue->text, first, last, &text->packs, &text->count);

    if (rc == VCDR_EINVAL)
        return reason(why, rc, "%s: more text than the 256 packs of CD-Text hold", sheet);
    return rc == VCDR_OK ? rc : reason(why, rc, "%s: out of memory", sheet);
}

static int add_text(const char *sheet, const struct cue *cue, struct image *image, char **why)
{
    int rc = VCDR_OK;

    for (unsigned first = 1, last; rc == VCDR_OK && first <= cue->track_count; first = last + 1) {
        unsigned session = cue->tracks[first - 1].session;
        struct image_text *text = &image->text[session - 1];
        char *path;

        for (last = first; last < cue->track_count && cue->tracks[last].session == session;)
            last++;
        if (!cue->packs[session - 1]) {
            rc = make_packs(sheet, cue, first, last, text, why);
            continue;
        }
        path = sheet_beside(sheet, cue->packs[session - 1]);
        rc = read_packs(path, text, why);
        free(path);
    }
    return rc;
}

/* ---- the whole ---- */

static int fill(const char *path, const struct cue *cue, struct image *image, char **why)
{
    static const enum source_kind kind_of[] = {
        [CUE_BINARY] = SOURCE_BYTES,
        [CUE_MOTOROLA] = SOURCE_SWAPPED,
        [CUE_WAVE] = SOURCE_SOUND,
    };
    int rc = VCDR_OK;

    for (unsigned i = 0; rc == VCDR_OK && i < cue->file_count; i++)
        rc = image_add_source(image, sheet_beside(path, cue->files[i].name),
                              kind_of[cue->files[i].type], why);
    if (rc == VCDR_OK)
        rc = add_tracks(path, cue, image, why);
    if (rc == VCDR_OK)
        rc = add_text(path, cue, image, why);
    return rc;
}

int cue_read(const char *path, struct image *image, char **why)
{
    struct cue *cue = malloc(sizeof(*cue));
    char *text = NULL;
    size_t len;
    int rc;

    if (!cue)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", path);
    rc = sheet_text(path, &text, &len, why);
    if (rc == VCDR_OK)
        rc = cue_parse(path, text, len, cue, why);
    free(text);
    if (rc == VCDR_OK) {
        rc = fill(path, cue, image, why);
        cue_free(cue);
    }
    free(cue);
    return rc;
}

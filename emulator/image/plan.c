/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "reason.h"

enum { SHEET_LIMIT = 1 << 20 };

/* ---- files ---- */

/* Adds a source; takes `path` over. */
static int add_source(struct plan *plan, char *path, enum source_kind kind, char **why)
{
    int rc;

    if (!path)
        return reason(why, VCDR_ENOMEM, "out of memory");
    rc = source_open(path, kind, &plan->sources[plan->source_count], why);
    if (rc != VCDR_OK) {
        free(path);
        return rc;
    }
    plan->names[plan->source_count++] = path;
    return VCDR_OK;
}

/* A name in a sheet is relative to the sheet. NULL: out of memory. */
static char *beside(const char *sheet, const char *name)
{
    const char *slash = strrchr(sheet, '/');
    int folder = slash && name[0] != '/' ? (int)(slash - sheet + 1) : 0;
    char *path;

    return asprintf(&path, "%.*s%s", folder, sheet, name) < 0 ? NULL : path;
}

static int read_sheet(const char *path, char **text, size_t *len, char **why)
{
    struct source *source;
    int rc = source_open(path, SOURCE_BYTES, &source, why);

    if (rc != VCDR_OK)
        return rc;
    *len = (size_t)source_bytes(source);
    *text = NULL;
    if (source_bytes(source) > SHEET_LIMIT)
        rc = reason(why, VCDR_EINVAL, "%s: is larger than a cue sheet can be", path);
    else if (!(*text = malloc(*len + 1)))
        rc = reason(why, VCDR_ENOMEM, "%s: out of memory", path);
    else
        rc = source_read(source, 0, *text, (uint32_t)*len, why);
    source_close(source);
    if (rc != VCDR_OK) {
        free(*text);
        *text = NULL;
    }
    return rc;
}

/* ---- where a sheet's tracks lie in its files ---- */

/* Blocks of several sizes may follow each other in one file: walks from one time to the next. */
struct cursor {
    int file;
    int32_t at;      /* blocks from the file's start */
    uint64_t offset; /* the same in bytes */
};

static void move(struct cursor *cursor, int file, int32_t to, enum cue_mode mode)
{
    if (cursor->file != file)
        *cursor = (struct cursor){.file = file};
    cursor->offset += (uint64_t)(to - cursor->at) * cue_mode_bytes(mode);
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
        enum cue_mode before = shares ? cue->tracks[t - 1].mode : track->mode;

        if (track->gap_file >= 0) {
            move(&cursor, track->gap_file, track->gap, before);
            places[t].gap = cursor.offset;
            move(&cursor, track->file, track->index, track->mode);
        } else {
            move(&cursor, track->file, track->index, before);
        }
        places[t].index = cursor.offset;
    }
}

/* The byte behind a track's last in its own file. */
static uint64_t end_of(const struct plan *plan, const struct cue *cue, const struct place *places,
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
    return source_bytes(plan->sources[track->file]);
}

/* Bytes of the pre-gap that a track has in a file. */
static uint64_t gap_bytes(const struct plan *plan, const struct cue_track *track,
                          const struct place *place)
{
    if (track->gap_file < 0)
        return 0;
    if (track->gap_file == track->file)
        return place->index - place->gap;
    if (place->gap >= source_bytes(plan->sources[track->gap_file]))
        return 0;
    return source_bytes(plan->sources[track->gap_file]) - place->gap;
}

static int is_silent(const struct plan *plan, unsigned file, uint64_t offset, uint64_t len,
                     bool *silent, char **why)
{
    uint8_t buf[2352 * 8];

    *silent = true;
    while (*silent && len > 0) {
        uint32_t n = len < sizeof(buf) ? (uint32_t)len : (uint32_t)sizeof(buf);
        int rc = source_read(plan->sources[file], offset, buf, n, why);

        if (rc != VCDR_OK)
            return rc;
        for (uint32_t i = 0; i < n; i++)
            *silent = *silent && buf[i] == 0;
        offset += n;
        len -= n;
    }
    return VCDR_OK;
}

/* The disc makes each pre-gap itself, of silence. Sound in one would be lost: it stays, as the end
 * of the track before, or as the beginning of a first track. */
static int keep_sound(struct plan *plan, const struct cue *cue, const struct place *places,
                      unsigned t, uint64_t *begin, uint64_t *end_before, char **why)
{
    const struct cue_track *track = &cue->tracks[t];
    uint64_t len = gap_bytes(plan, track, &places[t]);
    bool silent;
    int rc;

    if (track->mode != CUE_AUDIO || len == 0)
        return VCDR_OK;
    rc = is_silent(plan, (unsigned)track->gap_file, places[t].gap, len, &silent, why);
    if (rc != VCDR_OK || silent)
        return rc;
    if (t > 0 && cue->tracks[t - 1].file == track->gap_file &&
        cue->tracks[t - 1].mode == CUE_AUDIO && cue->tracks[t - 1].session == track->session)
        *end_before = places[t].gap + len;
    else if (track->gap_file == track->file)
        *begin = places[t].gap;
    return VCDR_OK;
}

static int check_track(const struct plan *plan, const struct cue *cue, const char *sheet,
                       unsigned t, uint64_t begin, uint64_t end, char **why)
{
    const struct cue_track *track = &cue->tracks[t];
    const char *file = plan->names[track->file];
    unsigned bytes = cue_mode_bytes(track->mode);

    if (cue->files[track->file].type == CUE_WAVE && track->mode != CUE_AUDIO)
        return reason(why, VCDR_EINVAL, "%s:%u: a data track in a WAVE file", sheet, track->line);
    if (begin >= end || end > source_bytes(plan->sources[track->file]))
        return reason(why, VCDR_EINVAL, "%s:%u: track %u lies beyond the end of %s", sheet,
                      track->line, t + 1, file);
    if ((end - begin) % bytes != 0 && cue->files[track->file].type != CUE_WAVE)
        return reason(why, VCDR_EINVAL,
                      "%s:%u: track %u is no whole number of %u-byte blocks of %s", sheet,
                      track->line, t + 1, bytes, file);
    if ((end - begin) / bytes >= 404850) /* 90:00:00 */
        return reason(why, VCDR_ENOSPACE, "%s:%u: track %u is longer than any disc", sheet,
                      track->line, t + 1);
    return VCDR_OK;
}

static int plan_tracks(struct plan *plan, const struct cue *cue, const char *sheet, char **why)
{
    struct place places[CUE_TRACKS];
    uint64_t begin[CUE_TRACKS], end[CUE_TRACKS];
    int rc = VCDR_OK;

    find_places(cue, places);
    for (unsigned t = 0; t < cue->track_count; t++) {
        begin[t] = places[t].index;
        end[t] = end_of(plan, cue, places, t);
        /* Before anything is read: a gap may lie beyond the file's end as well. */
        rc = check_track(plan, cue, sheet, t, begin[t], end[t], why);
        if (rc == VCDR_OK)
            rc = keep_sound(plan, cue, places, t, &begin[t], t > 0 ? &end[t - 1] : NULL, why);
        if (rc != VCDR_OK)
            return rc;
    }
    for (unsigned t = 0; t < cue->track_count; t++) {
        const struct cue_track *track = &cue->tracks[t];
        unsigned bytes = cue_mode_bytes(track->mode);

        rc = check_track(plan, cue, sheet, t, begin[t], end[t], why); /* kept sound included */
        if (rc != VCDR_OK)
            return rc;
        plan->tracks[t] = (struct plan_track){
            .source = (unsigned)track->file,
            .offset = begin[t],
            .blocks = (uint32_t)((end[t] - begin[t] + bytes - 1) / bytes),
            .mode = track->mode,
            .session = track->session,
            .control = track->control,
        };
        memcpy(plan->tracks[t].isrc, track->isrc, sizeof(track->isrc));
    }
    plan->track_count = cue->track_count;
    memcpy(plan->mcn, cue->mcn, sizeof(plan->mcn));
    return VCDR_OK;
}

static int plan_cue(struct plan *plan, const char *path, char **why)
{
    static const enum source_kind kind_of[] = {
        [CUE_BINARY] = SOURCE_BYTES,
        [CUE_MOTOROLA] = SOURCE_SWAPPED,
        [CUE_WAVE] = SOURCE_SOUND,
    };
    struct cue *cue = malloc(sizeof(*cue));
    char *text = NULL;
    size_t len;
    int rc;

    if (!cue)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", path);
    rc = read_sheet(path, &text, &len, why);
    if (rc == VCDR_OK)
        rc = cue_parse(path, text, len, cue, why);
    free(text);
    if (rc != VCDR_OK) {
        free(cue);
        return rc;
    }
    for (unsigned i = 0; rc == VCDR_OK && i < cue->file_count; i++)
        rc = add_source(plan, beside(path, cue->files[i].name), kind_of[cue->files[i].type], why);
    if (rc == VCDR_OK)
        rc = plan_tracks(plan, cue, path, why);
    cue_free(cue);
    free(cue);
    return rc;
}

static int plan_iso(struct plan *plan, const char *path, char **why)
{
    uint64_t bytes;
    int rc = add_source(plan, strdup(path), SOURCE_BYTES, why);

    if (rc != VCDR_OK)
        return rc;
    bytes = source_bytes(plan->sources[0]);
    if (bytes == 0 || bytes % CD_USER_BLOCK_BYTES != 0)
        return reason(why, VCDR_EINVAL, "%s: is no ISO image: %llu bytes, no multiple of 2048",
                      path, (unsigned long long)bytes);
    if (bytes / CD_USER_BLOCK_BYTES >= 404850)
        return reason(why, VCDR_ENOSPACE, "%s: is larger than any disc", path);
    plan->tracks[0] = (struct plan_track){
        .blocks = (uint32_t)(bytes / CD_USER_BLOCK_BYTES),
        .mode = CUE_MODE1_2048,
        .session = 1,
        .control = CONTROL_DATA,
    };
    plan->track_count = 1;
    return VCDR_OK;
}

int plan_make(const char *image_path, struct plan *plan, char **why)
{
    const char *dot = strrchr(image_path, '.');
    int rc;

    memset(plan, 0, sizeof(*plan));
    if (dot && strcasecmp(dot, ".cue") == 0)
        rc = plan_cue(plan, image_path, why);
    else
        rc = plan_iso(plan, image_path, why);
    if (rc != VCDR_OK)
        plan_free(plan);
    return rc;
}

void plan_free(struct plan *plan)
{
    for (unsigned i = 0; i < plan->source_count; i++) {
        source_close(plan->sources[i]);
        free(plan->names[i]);
    }
    plan->source_count = 0;
}

int64_t plan_lead_out(const struct plan *plan)
{
    int64_t lba = 0;

    for (unsigned t = 0; t < plan->track_count; t++) {
        const struct plan_track *track = &plan->tracks[t];

        if (t > 0 && track->session != track[-1].session)
            lba += track[-1].session == 1 ? 11400 : 6900;
        else if (t > 0)
            lba += CD_PREGAP_BLOCKS;
        lba += (track->blocks < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS : track->blocks) + 2;
    }
    return lba;
}

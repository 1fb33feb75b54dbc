/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "cd_text.h"
#include "reason.h"
#include "sheet.h"
#include "toc.h"
#include "toc_words.h"

enum { RUNS = 256, INDEXES = 99, SAMPLES = 588, SAMPLE_BYTES = 4 };

struct run {
    int source;
    uint64_t offset;
    uint32_t blocks;
};

/* A track is collected as runs of blocks, then cut where its indexes begin. */
struct reader {
    struct toc_words w;
    struct image *image;
    struct image_track *track; /* NULL before the first */
    unsigned line;             /* of the present command */
    struct run runs[RUNS];
    unsigned run_count;
    uint64_t blocks;             /* of them all */
    uint64_t start[INDEXES + 1]; /* [1]: of index 1, from the track's beginning */
    unsigned indexes;            /* 0: START was not said */
    struct cd_text text;
};

static int expect(struct reader *r, enum toc_kind kind, const char *what)
{
    return r->w.kind == kind ? VCDR_OK : toc_refuse(&r->w, what);
}

static int take_mark(struct reader *r, const char *mark)
{
    return toc_is(&r->w, mark) ? toc_next(&r->w) : toc_refuse(&r->w, "not what should stand here");
}

/* For what is wrong with a command as a whole. */
static int refuse(struct reader *r, const char *what)
{
    return reason(r->w.why, VCDR_EINVAL, "%s:%u: %s", r->w.name, r->line, what);
}

static int out_of_memory(struct reader *r)
{
    return reason(r->w.why, VCDR_ENOMEM, "%s: out of memory", r->w.name);
}

/* ---- CD_TEXT ---- */

/* What is in braces, some deeper, is passed over; the present word is the opening one. */
static int skip_braces(struct reader *r)
{
    unsigned depth = 0;
    int rc;

    do {
        if (toc_is(&r->w, "{"))
            depth++;
        else if (toc_is(&r->w, "}"))
            depth--;
        else if (r->w.kind == TOC_END)
            return toc_refuse(&r->w, "braces without an end");
        rc = toc_next(&r->w);
    } while (rc == VCDR_OK && depth > 0);
    return rc;
}

static int field_of(const char *word)
{
    static const char *const names[CD_TEXT_FIELDS] = {
        [CD_TEXT_TITLE] = "TITLE",           [CD_TEXT_PERFORMER] = "PERFORMER",
        [CD_TEXT_SONGWRITER] = "SONGWRITER", [CD_TEXT_COMPOSER] = "COMPOSER",
        [CD_TEXT_ARRANGER] = "ARRANGER",     [CD_TEXT_MESSAGE] = "MESSAGE",
    };

    for (int f = 0; f < CD_TEXT_FIELDS; f++)
        if (strcmp(word, names[f]) == 0)
            return f;
    return -1;
}

/* One entry of a language: a word and a string or bytes in braces. Other languages than the first,
 * and what is no text, are passed over. */
static int take_entry(struct reader *r, bool keep)
{
    int field = field_of(r->w.word), rc = expect(r, TOC_WORD, "not an item of CD-Text");

    if (rc == VCDR_OK)
        rc = toc_next(&r->w);
    if (rc != VCDR_OK)
        return rc;
    if (toc_is(&r->w, "{"))
        return skip_braces(r);
    rc = expect(r, TOC_STRING, "not a text of CD-Text");
    if (rc == VCDR_OK && keep && field >= 0 && r->w.len > 0) {
        rc = cd_text_set(&r->text, (enum cd_text_field)field, r->image->track_count, r->w.word,
                         r->w.len);
        if (rc == VCDR_ENOMEM)
            return out_of_memory(r);
        if (rc != VCDR_OK)
            return toc_refuse(&r->w, "a character that CD-Text in ISO 8859-1 lacks");
    }
    return rc == VCDR_OK ? toc_next(&r->w) : rc;
}

static int take_language(struct reader *r)
{
    bool is_time, keep;
    uint64_t number;
    int rc = toc_next(&r->w);

    if (rc == VCDR_OK)
        rc = toc_length(&r->w, &number, &is_time);
    if (rc == VCDR_OK)
        rc = take_mark(r, "{");
    keep = rc == VCDR_OK && number == 0;
    while (rc == VCDR_OK && !toc_is(&r->w, "}"))
        rc = take_entry(r, keep);
    return rc == VCDR_OK ? toc_next(&r->w) : rc;
}

static int take_text(struct reader *r)
{
    int rc = take_mark(r, "{");

    while (rc == VCDR_OK && !toc_is(&r->w, "}")) {
        if (toc_is(&r->w, "LANGUAGE")) {
            rc = take_language(r);
        } else if (toc_is(&r->w, "LANGUAGE_MAP")) {
            rc = toc_next(&r->w);
            if (rc == VCDR_OK)
                rc = toc_is(&r->w, "{") ? skip_braces(r) : toc_refuse(&r->w, "no language map");
        } else {
            rc = toc_refuse(&r->w, "not LANGUAGE or LANGUAGE_MAP");
        }
    }
    return rc == VCDR_OK ? toc_next(&r->w) : rc;
}

/* ---- a track's blocks ---- */

static int add_run(struct reader *r, int source, uint64_t offset, uint64_t blocks)
{
    if (r->run_count == RUNS)
        return refuse(r, "a track of more than 256 pieces");
    if (blocks >= IMAGE_DISC_LIMIT || r->blocks + blocks >= IMAGE_DISC_LIMIT)
        return refuse(r, "a track that is longer than any disc");
    r->runs[r->run_count++] = (struct run){source, offset, (uint32_t)blocks};
    r->blocks += blocks;
    return VCDR_OK;
}

/* A length as blocks: times are, samples and bytes must be a whole number of them. */
static int take_blocks(struct reader *r, uint64_t *blocks)
{
    unsigned unit = r->track->mode == IMAGE_AUDIO ? SAMPLES : image_mode_bytes(r->track->mode);
    bool is_time;
    unsigned line = r->w.line;
    int rc = toc_length(&r->w, blocks, &is_time);

    if (rc != VCDR_OK || is_time)
        return rc;
    if (*blocks % unit != 0)
        return reason(r->w.why, VCDR_EINVAL, "%s:%u: no whole number of blocks", r->w.name, line);
    *blocks /= unit;
    return VCDR_OK;
}

static int take_silence(struct reader *r)
{
    uint64_t blocks = 0;
    int rc = VCDR_OK;

    while (rc == VCDR_OK && r->w.kind == TOC_WORD && !toc_is_number(&r->w)) {
        /* ZERO may repeat the track's mode and sub-channel mode. */
        if (strncmp(r->w.word, "MODE", 4) != 0 && !toc_is(&r->w, "AUDIO"))
            return toc_refuse(&r->w, "not a length");
        rc = toc_next(&r->w);
    }
    if (rc == VCDR_OK)
        rc = take_blocks(r, &blocks);
    return rc == VCDR_OK ? add_run(r, IMAGE_ZEROS, 0, blocks) : rc;
}

static int take_pregap(struct reader *r)
{
    int rc;

    if (r->blocks > 0 || r->indexes > 0)
        return refuse(r, "PREGAP comes once and first");
    rc = take_silence(r);
    if (rc == VCDR_OK) {
        r->indexes = 1;
        r->start[1] = r->blocks;
    }
    return rc;
}

static int take_start(struct reader *r)
{
    uint64_t at = r->blocks;
    int rc = VCDR_OK;

    if (r->indexes > 0)
        return refuse(r, "a second START");
    if (toc_is_number(&r->w))
        rc = take_blocks(r, &at);
    if (rc == VCDR_OK) {
        r->indexes = 1;
        r->start[1] = at;
    }
    return rc;
}

/* Counts from index 1. */
static int take_index(struct reader *r)
{
    uint64_t at = 0;
    int rc = take_blocks(r, &at);

    if (rc != VCDR_OK)
        return rc;
    if (r->indexes == 0) {
        r->indexes = 1;
        r->start[1] = 0;
    }
    if (r->indexes == INDEXES)
        return refuse(r, "more than 99 indexes");
    at += r->start[1];
    if (at <= r->start[r->indexes])
        return refuse(r, "an INDEX that does not come after the one before it");
    r->start[++r->indexes] = at;
    return VCDR_OK;
}

/* ---- files ---- */

static bool is_wave(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && strcasecmp(dot, ".wav") == 0;
}

/* Several pieces, the other byte order too, can come from one file; each is opened once. */
static int find_source(struct reader *r, const char *name, enum source_kind kind, int *source)
{
    char *path = sheet_beside(r->w.name, name);

    if (!path)
        return out_of_memory(r);
    for (unsigned i = 0; i < r->image->source_count; i++) {
        if (source_kind(r->image->sources[i]) != kind || strcmp(r->image->names[i], path) != 0)
            continue;
        free(path);
        *source = (int)i;
        return VCDR_OK;
    }
    if (r->image->source_count == IMAGE_TRACKS) {
        free(path);
        return refuse(r, "more than 99 files");
    }
    *source = (int)r->image->source_count;
    return image_add_source(r->image, path, kind, r->w.why);
}

/* [#bytes] */
static int take_offset(struct reader *r, uint64_t *offset)
{
    bool is_time;
    int rc = toc_next(&r->w);

    if (rc == VCDR_OK)
        rc = toc_length(&r->w, offset, &is_time);
    if (rc == VCDR_OK && is_time)
        rc = toc_refuse(&r->w, "behind # stands a number of bytes");
    return rc;
}

/* How many blocks: as said, or up to the file's end. */
static int take_rest(struct reader *r, int source, uint64_t offset)
{
    uint64_t size = source_bytes(r->image->sources[source]), blocks = 0;
    unsigned bytes = image_mode_bytes(r->track->mode);
    bool sound = r->track->mode == IMAGE_AUDIO && is_wave(r->image->names[source]);
    int rc = VCDR_OK;

    if (toc_is_number(&r->w))
        rc = take_blocks(r, &blocks);
    else if (offset < size)
        blocks = (size - offset + (sound ? bytes - 1 : 0)) / bytes;
    if (rc != VCDR_OK)
        return rc;
    if (blocks == 0 || blocks >= IMAGE_DISC_LIMIT || offset >= size ||
        blocks * bytes > size - offset + (sound ? bytes - 1 : 0))
        return reason(r->w.why, VCDR_EINVAL, "%s:%u: track %u lies beyond the end of %s", r->w.name,
                      r->line, r->image->track_count, r->image->names[source]);
    return add_run(r, source, offset, blocks);
}

struct file {
    char name[TOC_WORD_BYTES];
    bool swap;
    uint64_t offset; /* in bytes */
};

/* "name" [SWAP] [#offset] [start], the last two added up. */
static int take_name(struct reader *r, bool audio, struct file *file)
{
    uint64_t start = 0;
    bool is_time = false;
    int rc = expect(r, TOC_STRING, "not a name of a file in quotation marks");

    *file = (struct file){.swap = false};
    if (rc != VCDR_OK)
        return rc;
    memcpy(file->name, r->w.word, r->w.len + 1);
    rc = toc_next(&r->w);
    if (rc == VCDR_OK && audio && toc_is(&r->w, "SWAP")) {
        file->swap = true;
        rc = toc_next(&r->w);
    }
    if (rc == VCDR_OK && toc_is(&r->w, "#"))
        rc = take_offset(r, &file->offset);
    if (rc == VCDR_OK && audio)
        rc = toc_length(&r->w, &start, &is_time);
    file->offset += start * (is_time ? CD_RAW_BLOCK_BYTES : SAMPLE_BYTES);
    return rc;
}

static int take_file(struct reader *r, bool audio)
{
    enum source_kind kind = SOURCE_BYTES;
    struct file file;
    int source = 0, rc;

    if (audio != (r->track->mode == IMAGE_AUDIO))
        return refuse(r, audio ? "an audio file in a data track" : "a data file in an audio track");
    rc = take_name(r, audio, &file);
    if (rc != VCDR_OK)
        return rc;
    if (audio) /* samples without a head are big-endian where SWAP does not say otherwise */
        kind = is_wave(file.name) ? SOURCE_SOUND : file.swap ? SOURCE_BYTES : SOURCE_SWAPPED;
    rc = find_source(r, file.name, kind, &source);
    return rc == VCDR_OK ? take_rest(r, source, file.offset) : rc;
}

static int take_audio_file(struct reader *r)
{
    return take_file(r, true);
}

static int take_data_file(struct reader *r)
{
    return take_file(r, false);
}

/* ---- a track ---- */

/* The part of a run, `at` blocks into the track, that lies in one index. */
static int cut(struct reader *r, const struct run *run, uint64_t at, unsigned index)
{
    uint64_t begin = index == 0 ? 0 : r->start[index];
    uint64_t end = index == r->indexes ? r->blocks : r->start[index + 1];
    uint64_t from = begin > at ? begin - at : 0;
    uint64_t to = end > at ? end - at : 0;

    if (to > run->blocks)
        to = run->blocks;
    if (from >= to)
        return VCDR_OK;
    return image_add_piece(r->image,
                           &(struct image_piece){
                               .track = (uint8_t)r->image->track_count,
                               .index = (uint8_t)index,
                               .source = run->source,
                               .offset = run->offset + from * image_mode_bytes(r->track->mode),
                               .blocks = (uint32_t)(to - from),
                           },
                           r->w.why);
}

static int end_track(struct reader *r)
{
    int rc = VCDR_OK;

    if (!r->track)
        return VCDR_OK;
    if (r->indexes == 0) {
        r->indexes = 1;
        r->start[1] = 0;
    }
    if (r->start[r->indexes] >= r->blocks)
        return reason(r->w.why, VCDR_EINVAL, "%s:%u: track %u ends before its index %u", r->w.name,
                      r->track->line, r->image->track_count, r->indexes);
    for (unsigned index = 0; rc == VCDR_OK && index <= r->indexes; index++) {
        uint64_t at = 0;

        for (unsigned i = 0; rc == VCDR_OK && i < r->run_count; at += r->runs[i++].blocks)
            rc = cut(r, &r->runs[i], at, index);
    }
    return rc;
}

static int take_track(struct reader *r)
{
    static const struct {
        const char *name;
        enum image_mode mode;
    } modes[] = {{"AUDIO", IMAGE_AUDIO},          {"MODE1", IMAGE_MODE1_2048},
                 {"MODE1_RAW", IMAGE_MODE1_2352}, {"MODE2", IMAGE_MODE2_2336},
                 {"MODE2_RAW", IMAGE_MODE2_2352}, {"MODE2_FORM_MIX", IMAGE_MODE2_2336}};
    struct image *image = r->image;
    size_t m = 0;
    int rc = end_track(r);

    if (rc != VCDR_OK)
        return rc;
    while (m < sizeof(modes) / sizeof(modes[0]) && !toc_is(&r->w, modes[m].name))
        m++;
    if (m == sizeof(modes) / sizeof(modes[0]))
        return toc_refuse(&r->w, "mode is not AUDIO, MODE1, MODE1_RAW, MODE2, MODE2_RAW or "
                                 "MODE2_FORM_MIX");
    if (image->track_count == IMAGE_TRACKS)
        return toc_refuse(&r->w, "more than 99 tracks");
    r->track = &image->tracks[image->track_count++];
    *r->track = (struct image_track){
        .mode = modes[m].mode,
        .session = 1,
        .line = r->line,
        .control = modes[m].mode == IMAGE_AUDIO ? 0 : CONTROL_DATA,
    };
    r->run_count = r->indexes = 0;
    r->blocks = 0;
    return toc_next(&r->w);
}

static int take_isrc(struct reader *r)
{
    int rc = expect(r, TOC_STRING, "not an ISRC in quotation marks");

    if (rc != VCDR_OK)
        return rc;
    if (r->w.len != 12)
        return toc_refuse(&r->w, "an ISRC has 12 characters");
    for (int i = 0; i < 12; i++)
        if (!(isdigit((unsigned char)r->w.word[i]) ||
              (i < 5 && isupper((unsigned char)r->w.word[i]))))
            return toc_refuse(&r->w, "an ISRC is 5 letters or digits and 7 digits");
    memcpy(r->track->isrc, r->w.word, 13);
    return toc_next(&r->w);
}

static int take_catalog(struct reader *r)
{
    int rc = expect(r, TOC_STRING, "not a catalogue number in quotation marks");

    if (rc != VCDR_OK)
        return rc;
    if (r->w.len != 13 || strspn(r->w.word, "0123456789") != 13)
        return toc_refuse(&r->w, "a catalogue number has 13 digits");
    memcpy(r->image->mcn, r->w.word, 14);
    return toc_next(&r->w);
}

/* ---- flags ---- */

static int flag(struct reader *r, uint8_t bit, bool set)
{
    if (r->track->mode != IMAGE_AUDIO && bit != CONTROL_COPY_PERMITTED)
        return set ? refuse(r, "a flag of audio on a data track") : VCDR_OK;
    r->track->control = (uint8_t)(set ? r->track->control | bit : r->track->control & ~bit);
    return VCDR_OK;
}

static int take_copy(struct reader *r)
{
    return flag(r, CONTROL_COPY_PERMITTED, true);
}

static int take_pre_emphasis(struct reader *r)
{
    return flag(r, CONTROL_PRE_EMPHASIS, true);
}

static int take_four_channels(struct reader *r)
{
    return flag(r, 8, true);
}

static int take_two_channels(struct reader *r)
{
    return flag(r, 8, false);
}

static int take_no(struct reader *r)
{
    if (!toc_is(&r->w, "COPY") && !toc_is(&r->w, "PRE_EMPHASIS"))
        return toc_refuse(&r->w, "not COPY or PRE_EMPHASIS");
    (void)flag(r, toc_is(&r->w, "COPY") ? CONTROL_COPY_PERMITTED : CONTROL_PRE_EMPHASIS, false);
    return toc_next(&r->w);
}

static int take_kind(struct reader *r)
{
    return r->track ? refuse(r, "the kind of disc stands before the tracks") : VCDR_OK;
}

/* ---- the whole ---- */

static const struct command {
    const char *name;
    int (*take)(struct reader *r);
    bool in_track; /* only there */
} commands[] = {
    {"AUDIOFILE", take_audio_file, true},
    {"CATALOG", take_catalog, false},
    {"CD_DA", take_kind, false},
    {"CD_ROM", take_kind, false},
    {"CD_ROM_XA", take_kind, false},
    {"CD_TEXT", take_text, false},
    {"COPY", take_copy, true},
    {"DATAFILE", take_data_file, true},
    {"FILE", take_audio_file, true},
    {"FOUR_CHANNEL_AUDIO", take_four_channels, true},
    {"INDEX", take_index, true},
    {"ISRC", take_isrc, true},
    {"NO", take_no, true},
    {"PREGAP", take_pregap, true},
    {"PRE_EMPHASIS", take_pre_emphasis, true},
    {"SILENCE", take_silence, true},
    {"START", take_start, true},
    {"TRACK", take_track, false},
    {"TWO_CHANNEL_AUDIO", take_two_channels, true},
    {"ZERO", take_silence, true},
};

static int take_command(struct reader *r)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        int rc;

        if (!toc_is(&r->w, commands[i].name))
            continue;
        if (commands[i].in_track && !r->track)
            return toc_refuse(&r->w, "outside a TRACK");
        r->line = r->w.line;
        rc = toc_next(&r->w);
        return rc == VCDR_OK ? commands[i].take(r) : rc;
    }
    return toc_refuse(&r->w, "unknown word");
}

static int take_all(struct reader *r)
{
    /* What lies before LBA 0 no TOC file has. */
    const struct image_piece gap = {.track = 1, .source = IMAGE_ZEROS, .blocks = CD_PREGAP_BLOCKS};
    int rc = image_add_piece(r->image, &gap, r->w.why);

    if (rc == VCDR_OK)
        rc = toc_next(&r->w);
    while (rc == VCDR_OK && r->w.kind != TOC_END)
        rc = take_command(r);
    if (rc == VCDR_OK)
        rc = end_track(r);
    if (rc != VCDR_OK)
        return rc;
    if (r->image->track_count == 0)
        return reason(r->w.why, VCDR_EINVAL, "%s: a TOC file without a track", r->w.name);
    rc = cd_text_make(&r->text, 1, r->image->track_count, &r->image->text[0].packs,
                      &r->image->text[0].count);
    if (rc == VCDR_EINVAL)
        return reason(r->w.why, rc, "%s: more text than the 256 packs of CD-Text hold", r->w.name);
    return rc == VCDR_OK ? rc : out_of_memory(r);
}

int toc_read(const char *path, struct image *image, char **why)
{
    struct reader *r = calloc(1, sizeof(*r));
    char *text = NULL;
    size_t len;
    int rc;

    if (!r)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", path);
    rc = sheet_text(path, &text, &len, why);
    if (rc == VCDR_OK) {
        r->image = image;
        r->w =
            (struct toc_words){.name = path, .why = why, .at = text, .end = text + len, .line = 1};
        rc = take_all(r);
        cd_text_free(&r->text);
    }
    free(text);
    free(r);
    return rc;
}

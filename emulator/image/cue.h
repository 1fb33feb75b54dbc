/* SPDX-License-Identifier: MIT */
/*
 * A cue sheet as it is written: its text becomes a table and nothing is looked at outside it.
 *
 * It is our own reader because Debian's libcue (2.2.1) cannot say why a sheet is wrong: it prints
 * to stderr from global state, takes frame 99 for a time, and returns fewer tracks than the sheet
 * has.
 */
#ifndef VCDR_IMAGE_CUE_H
#define VCDR_IMAGE_CUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cd_text.h"
#include "image.h"

enum { CUE_TRACKS = IMAGE_TRACKS, CUE_INDEXES = 99 };

enum cue_file_type { CUE_BINARY, CUE_MOTOROLA, CUE_WAVE };

struct cue_file {
    char *name; /* as written */
    enum cue_file_type type;
};

struct cue_track {
    enum image_mode mode;
    unsigned line;
    unsigned session;
    uint8_t control; /* Q control nibble, the data bit included */
    char isrc[13];
    int32_t pregap;              /* PREGAP: blocks that are in no file */
    int32_t postgap;             /* POSTGAP, the same */
    int gap_file;                /* file of INDEX 00, -1: it has none */
    int32_t gap;                 /* INDEX 00 in blocks from that file's start */
    int file;                    /* file of INDEX 01 and all later ones */
    unsigned indexes;            /* the last index, 0 while parsing */
    int32_t at[CUE_INDEXES + 1]; /* [1] to [indexes]: their places, as `gap` */
};

struct cue {
    char mcn[14];
    struct cue_file files[CUE_TRACKS];
    unsigned file_count;
    struct cue_track tracks[CUE_TRACKS]; /* track n is [n - 1] */
    unsigned track_count;
    struct cd_text text;
    char *packs[CUE_TRACKS]; /* CDTEXTFILE of session n is [n - 1], NULL: none */
};

/* `name` names the sheet in *why. The text need not end in a newline; a NUL in it is an error.
 * VCDR_EINVAL with the line and the reason, or VCDR_ENOMEM. Frees nothing on failure but its own.
 */
int cue_parse(const char *name, const char *text, size_t len, struct cue *cue, char **why);
void cue_free(struct cue *cue);

const char *cue_mode_name(enum image_mode mode);

/* The two directions of the format: a sheet becomes an image, and an image a sheet. The image is
 * all zeros before; on failure the caller frees what it has. */
int cue_read(const char *path, struct image *image, char **why);
/* Only what the disc holds, by the names of the image's sources; `packs_names`: a file of packs for
 * each session that has them. Never fails. */
int cue_write(const struct image *image, const char *const *packs_names, FILE *sheet);

#endif

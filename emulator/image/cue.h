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

enum { CUE_TRACKS = 99 };

enum cue_file_type { CUE_BINARY, CUE_MOTOROLA, CUE_WAVE };
enum cue_mode { CUE_AUDIO, CUE_MODE1_2048, CUE_MODE1_2352, CUE_MODE2_2352 };

struct cue_file {
    char *name; /* as written */
    enum cue_file_type type;
};

struct cue_track {
    enum cue_mode mode;
    unsigned line;
    unsigned session;
    uint8_t control; /* Q control nibble, the data bit included */
    char isrc[13];
    int gap_file;       /* file of INDEX 00, -1: it has none */
    int32_t gap;        /* INDEX 00 in blocks from that file's start */
    int file;           /* file of INDEX 01 */
    int32_t index;      /* INDEX 01, -1 while parsing */
    int32_t last_index; /* of INDEX 02 and later, which are checked and not kept */
};

struct cue {
    char mcn[14];
    struct cue_file files[CUE_TRACKS];
    unsigned file_count;
    struct cue_track tracks[CUE_TRACKS]; /* track n is [n - 1] */
    unsigned track_count;
};

/* `name` names the sheet in *why. The text need not end in a newline; a NUL in it is an error.
 * VCDR_EINVAL with the line and the reason, or VCDR_ENOMEM. Frees nothing on failure but its own.
 */
int cue_parse(const char *name, const char *text, size_t len, struct cue *cue, char **why);
void cue_free(struct cue *cue);

/* Bytes that a block of this mode has in its file. */
unsigned cue_mode_bytes(enum cue_mode mode);

#endif

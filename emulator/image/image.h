/* SPDX-License-Identifier: MIT */
/*
 * An image whatever its format: what a disc holds, in the order of the disc, and where its blocks
 * lie. Each reader of a format fills one and each writer takes one; neither knows the other, nor
 * how a disc is burned.
 */
#ifndef VCDR_IMAGE_IMAGE_H
#define VCDR_IMAGE_IMAGE_H

#include <stdbool.h>

#include "source.h"

enum { IMAGE_TRACKS = 99, IMAGE_DISC_LIMIT = 404850 /* 90:00:00 */ };

/* What a block of a track is in its file. */
enum image_mode {
    IMAGE_AUDIO,      /* 2352 */
    IMAGE_MODE1_2048, /* user data */
    IMAGE_MODE1_2352, /* the whole sector */
    IMAGE_MODE2_2336, /* sub-header and what follows, or 2336 bytes without form */
    IMAGE_MODE2_2352, /* the whole sector */
};
unsigned image_mode_bytes(enum image_mode mode);

struct image_track {
    enum image_mode mode;
    unsigned session; /* 1.. */
    unsigned line;    /* of the sheet, for messages */
    uint8_t control;  /* Q control nibble, the data bit included */
    bool formless; /* mode 2 without sub-headers; image_finish looks at the sectors of a reader */
    char isrc[13];
};

/* Blocks of one index that lie behind each other in one source. */
struct image_piece {
    uint8_t track, index;
    int source;      /* index of the sources; IMAGE_ZEROS: empty blocks, in no file */
    uint64_t offset; /* of the first block in bytes */
    uint32_t blocks;
    int32_t lba; /* of a writer's image: where they lie on the disc */
};
enum { IMAGE_ZEROS = -1 };

struct image {
    char mcn[14];
    struct source *sources[IMAGE_TRACKS];
    char *names[IMAGE_TRACKS]; /* their paths */
    unsigned source_count;
    struct image_track tracks[IMAGE_TRACKS]; /* track n is [n - 1] */
    unsigned track_count;
    struct image_piece *pieces; /* by track, then index; a session begins with 150 of index 0 */
    unsigned piece_count, piece_room;
    struct image_text {
        uint8_t *packs; /* CD-Text, 18 bytes each; owned */
        unsigned count;
    } text[IMAGE_TRACKS]; /* of session n in [n - 1] */
};

/* Opens a file as the next source; takes `path` over, of which NULL means that memory ran out. */
int image_add_source(struct image *image, char *path, enum source_kind kind, char **why);
/* Appends blocks; none is allowed and adds nothing. VCDR_ENOMEM. */
int image_add_piece(struct image *image, const struct image_piece *piece, char **why);

/* What every reader ends with: tracks that are shorter than a disc can have are filled up, sectors
 * of mode 2 are looked at for their kind, and it may not be longer than any disc: VCDR_ENOSPACE. */
int image_finish(struct image *image, const char *name, char **why);

/* Where the last lead-out will lie. */
int64_t image_lead_out(const struct image *image);

void image_free(struct image *image); /* what it holds; not itself */

#endif

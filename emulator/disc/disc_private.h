/* SPDX-License-Identifier: MIT */
/*
 * The inside of a disc, shared by the files of this folder: what it has in memory, the rules of its
 * layout (layout.c), its log (log.c). docs/disc-format.md is the description of every byte.
 */
#ifndef VCDR_DISC_PRIVATE_H
#define VCDR_DISC_PRIVATE_H

#include <stdbool.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>
#include <vcdr/subchannel.h>

#include "sector.h"

/* ---- the file ---- */

enum {
    FORMAT_VERSION = 1,
    HEADER_BYTES = 128,
    RECORD_BYTES = 128,
    AREA_BYTES = 65536,
    AREA_RECORDS = AREA_BYTES / RECORD_BYTES,
    AREA_AT = 4096, /* area 0; area 1 follows it */
    DATA_AT = 262144,
    TRACK_ALIGNMENT = 4096, /* a page: a track's writes share none with what lies before */
    BLOCK_STRIDE = 2448,    /* the largest block that a host can send: 2352, 96 of sub-channel */
    REGION_BYTES = 1 << 30, /* room for every block before 90:00:00 */
    REGIONS = 2,            /* one for the snapshot, one for what came after it */
};

/* mmc-cdr: what lies between things, in blocks */
enum {
    RUN_OUT_BLOCKS = 2,
    TRACK_GAP_BLOCKS = RUN_OUT_BLOCKS + CD_PREGAP_BLOCKS,
    FIRST_LEAD_OUT_BLOCKS = 6750,
    LATER_LEAD_OUT_BLOCKS = 2250,
    LATER_LEAD_IN_BLOCKS = 4500,
};

/* ---- block types that this disc stores: block.c ---- */

enum sector_kind { SECTOR_AUDIO, SECTOR_MODE1, SECTOR_MODE2, SECTOR_FORM1, SECTOR_MIXED };

struct block_type {
    uint16_t bytes; /* on the host's side and in the file; 0: not stored */
    enum sector_kind kind;
};
/* NULL for a type that is not stored. */
const struct block_type *block_type_of(unsigned type);
/* May a track of this control nibble have blocks of this type? */
bool block_type_fits(unsigned type, uint8_t control, const uint8_t sub_header[4]);

bool session_format_known(unsigned format);

/* ---- in memory ---- */

struct track {
    uint8_t session;
    enum vcdr_track_state state;
    uint8_t control;
    uint8_t block_type;
    uint8_t session_format;
    bool reserved;
    uint8_t region; /* of the file: the same for all tracks of a state */
    uint8_t sub_header[4];
    int32_t start_lba;
    uint32_t stored;  /* blocks that the host wrote and the file holds */
    uint32_t written; /* stored, and padding once complete */
    uint32_t room;    /* the reserved size, or 0 */
    char isrc[13];
    char mcn[14];
};

struct log {
    unsigned area;       /* 0 or 1 */
    unsigned next;       /* record that the next append writes */
    uint64_t generation; /* of the area's header */
    bool other_valid;    /* the other area still has its header: take it away at the next append */
};

/* A state that the disc can go back to: the records of a fresh log, as they stand in it. Nothing is
 * written over the blocks that they count (layout_region). */
enum { SNAPSHOT_RECORDS = 2 * CD_MAX_TRACKS };
struct snapshot {
    unsigned records;
    unsigned tracks;
    uint8_t region; /* of its tracks; 0 without any */
    uint64_t end;   /* byte of the file behind its last stored block; 0 without any */
    uint8_t bytes[SNAPSHOT_RECORDS * RECORD_BYTES];
};

struct vcdr_disc {
    struct vcdr_store store;
    struct vcdr_disc_info info;
    struct track tracks[CD_MAX_TRACKS];
    struct vcdr_session sessions[CD_MAX_TRACKS + 1]; /* the last is the present one */
    bool format_known;                               /* the present session's format is decided */
    struct log log;
    struct snapshot *snapshot; /* NULL: none is kept */
    struct vcdr_disc *kept;    /* during a rehearsal: the disc as it is, with its store; else NULL */
    bool dirty;                /* data or a record written since the last flush */
    bool failed;    /* the log or a flush failed: what is durable is unknown, so nothing more is
                       written */
    uint32_t noted; /* the open track's blocks that the log knows of */
    struct edc_table edc;
    uint8_t scratch[AREA_BYTES]; /* an area being read or made; READ's staging */
};

static inline struct track *track_of(struct vcdr_disc *disc, unsigned number)
{
    return &disc->tracks[number - 1];
}

static inline const struct track *track_at_const(const struct vcdr_disc *disc, unsigned number)
{
    return &disc->tracks[number - 1];
}

static inline struct vcdr_session *present_session(struct vcdr_disc *disc)
{
    return &disc->sessions[disc->info.sessions - 1];
}

static inline const struct vcdr_session *last_session(const struct vcdr_disc *disc)
{
    return &disc->sessions[disc->info.sessions - 1];
}

/* ---- layout.c: where things lie, and the changes that log and calls both make ---- */

void layout_blank(struct vcdr_disc *disc);
/* First user block of the track that would come next. */
int32_t layout_next_start(const struct vcdr_disc *disc);
/* Is there an invisible track: may another track follow in the present session? */
bool layout_has_invisible(const struct vcdr_disc *disc);
/* Blocks, run-out not counted, from lba to the last possible lead-out; 0 when there are none. */
uint32_t layout_left(const struct vcdr_disc *disc, int32_t lba);
/* Blocks up to the next gap, run-out included where it is there. */
uint32_t layout_span(const struct vcdr_disc *disc, const struct track *track);
/* Where in the file the next track's blocks go: with those of the tracks before it, and on a blank
 * disc where the snapshot has none. */
uint8_t layout_region(const struct vcdr_disc *disc);
/* The length that closing gives an open track of so many blocks. */
uint32_t layout_padded(const struct track *track, uint32_t blocks);
/* Puts a track in the place of number (1..tracks + 1); the caller has checked it. */
void layout_set_track(struct vcdr_disc *disc, unsigned number, const struct track *track);
void layout_close_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final);
/* Number of the last track whose pre-gap starts at or before lba, 0 for none. */
unsigned layout_last_starting(const struct vcdr_disc *disc, int32_t lba);
/* Byte of the file where a block of a track starts. */
uint64_t layout_offset(const struct track *track, uint32_t block);
/* Could the log of an honest disc bring this track next? For replay: VCDR_OK or VCDR_EDAMAGED. */
int layout_check_track(const struct vcdr_disc *disc, unsigned number, const struct track *track);

/* ---- snapshot.c ---- */

/* Any disc, during a rehearsal too, back to blank; the snapshot is kept. */
int make_blank(struct vcdr_disc *disc);

/* ---- log.c: what is durable ---- */

/* Writes an empty log into both areas. */
int log_format(struct vcdr_store store);
/* Finds the valid area and replays it into a disc whose header has been read. */
int log_replay(struct vcdr_disc *disc);
/* Flushes the store if anything was written since the last time. */
int log_sync(struct vcdr_disc *disc);
/* Appends one record behind all that was written before it. Durable only after log_sync. */
int log_track(struct vcdr_disc *disc, unsigned number, const struct track *track);
int log_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final);
/* What a new log says of the disc. */
enum log_content { LOG_PRESENT, LOG_BLANK, LOG_SNAPSHOT };
/* Starts a new log that keeps this snapshot, or none for NULL. Durable on return. */
int log_renew(struct vcdr_disc *disc, const struct snapshot *kept, enum log_content content);
/* The disc's present state as a snapshot. */
void log_take(const struct vcdr_disc *disc, struct snapshot *out);
/* Replays a snapshot that log_take made, or that was found sound, into a blank layout. */
int log_recall(struct vcdr_disc *disc, const struct snapshot *snapshot);

#endif

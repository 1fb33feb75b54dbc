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
    BLOB_AT = 960 << 20,    /* in a region, behind its last block: the sessions' lead-in texts */
    BLOB_ALIGNMENT = 4096,  /* a page, as above */
};

/* mmc-cdr: what lies between things, in blocks */
enum {
    RUN_OUT_BLOCKS = 2,
    TRACK_GAP_BLOCKS = RUN_OUT_BLOCKS + CD_PREGAP_BLOCKS,
    FIRST_LEAD_OUT_BLOCKS = 6750,
    LATER_LEAD_OUT_BLOCKS = 2250,
    LATER_LEAD_IN_BLOCKS = 4500,
};

/* ---- what a block is on the host's side and in the file: shape.c ---- */

enum sector_kind {
    SECTOR_AUDIO,
    SECTOR_MODE1,
    SECTOR_MODE2,     /* without form */
    SECTOR_FORM1,     /* sub-header from the track */
    SECTOR_FORM2,     /* the same */
    SECTOR_FORM1_OWN, /* sub-header from the host, form 1 whatever it says */
    SECTOR_XA,        /* sub-header from the host; it says the form */
    SECTOR_RAW,       /* as it goes to the disc: data scrambled */
};
enum sub_form {
    SUB_NONE,
    SUB_PQ,     /* 16 bytes, not looked at: P and Q are the disc's */
    SUB_RAW,    /* 96 of P-W, of which R-W are taken */
    SUB_PACKED, /* 96 of R-W in pack form */
    SUB_WHOLE,  /* 96 of P-W, taken as they are */
};
struct shape {
    uint16_t main; /* bytes of the main channel; sub-channel behind them */
    uint8_t at;    /* where they belong in a sector */
    enum sector_kind kind;
    enum sub_form sub;
    bool empty; /* the main channel is zeros, whatever the host sends */
};
/* False for a type, or a form, that is not stored. */
bool shape_of_type(unsigned block_type, struct shape *out);
bool shape_of_form(unsigned form, struct shape *out);
/* The form of a raw session's stretches; no host can say it. */
enum { FORM_RAW_SESSION = 0x80 };
unsigned shape_bytes(const struct shape *shape);
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
    /* Packets only; their linking counts in stored and written where they are of variable length.
     */
    uint32_t packet_size; /* 0: variable */
    uint32_t packets;     /* variable: how many there are */
    uint32_t last_packet; /* and the block that the last of them begins with */
    bool packet_open;     /* the next block still belongs to the last packet */
    char isrc[13];
    char mcn[14];
    enum vcdr_recording recording;
    /* SAO and RAW only; stored and written count from index 1, as everywhere. */
    int32_t pregap_lba;
    uint32_t planned;       /* blocks from index 1 to the next track or the lead-out */
    uint16_t first_stretch; /* in disc->stretches */
    uint16_t stretches;
};

/* What a session at once has beyond a session; all zero for one of single tracks. The blocks from
 * the session's pre-gap on lie each at its own address (layout_place). */
struct at_once {
    enum vcdr_recording recording; /* TAO: the session is none */
    uint8_t region;
    uint8_t tracks;         /* of the whole layout; RAW: 0 until it is closed */
    uint16_t first_stretch; /* in disc->stretches */
    uint16_t stretches;
    uint16_t packs;
    uint32_t blocks;      /* from the pre-gap's first that are there */
    int32_t lead_out_lba; /* of the layout */
    uint64_t blob_at;     /* byte of the file where its lead-in text lies; 0: none */
    uint32_t blob_crc;
    char mcn[14];
};
/* Each index of each track has one. */
enum { MAX_STRETCHES = CD_MAX_TRACKS * 100, MAX_PACKS = 2048 };

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
    unsigned records; /* 0: of a blank disc */
    unsigned tracks;  /* complete, open and reserved; those of an unfinished session at once only
                         when complete */
    uint8_t region;   /* of its blocks; 0 without any */
    uint64_t end;     /* byte of the file behind its last stored block; 0 without any */
    uint8_t bytes[SNAPSHOT_RECORDS * RECORD_BYTES];
};

struct vcdr_disc {
    struct vcdr_store store;
    struct vcdr_disc_info info;
    struct track tracks[CD_MAX_TRACKS];
    struct vcdr_session sessions[CD_MAX_TRACKS + 1]; /* the last is the present one */
    bool format_known;                               /* the present session's format is decided */
    struct at_once at_once[CD_MAX_TRACKS + 1];       /* of the session of the same place */
    struct vcdr_stretch stretches[MAX_STRETCHES];    /* of all sessions at once, by address */
    unsigned stretch_count;
    unsigned writing;  /* SAO being written: the stretch of the next block */
    unsigned size_end; /* and the first behind it whose blocks have another size */
    struct log log;
    struct snapshot *snapshot; /* NULL: none is kept */
    struct vcdr_disc *kept; /* during a rehearsal: the disc as it is, with its store; else NULL */
    bool dirty;             /* data or a record written since the last flush */
    bool failed;    /* the log or a flush failed: what is durable is unknown, so nothing more is
                       written */
    uint32_t noted; /* the open track's, or session's, blocks that the log knows of */
    struct edc_table edc;
    struct scramble_table scramble;
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

/* The disc that reading sees: a rehearsal records nothing that could be read. */
static inline struct vcdr_disc *recorded(struct vcdr_disc *disc)
{
    return disc->kept ? disc->kept : disc;
}

static inline bool track_at_once(const struct track *track)
{
    return track->recording == VCDR_RECORDING_SAO || track->recording == VCDR_RECORDING_RAW;
}

static inline bool track_in_packets(const struct track *track)
{
    return track->recording == VCDR_RECORDING_PACKET;
}

static inline int32_t track_pregap(const struct track *track)
{
    return track_at_once(track) ? track->pregap_lba : track->start_lba - CD_PREGAP_BLOCKS;
}

static inline struct at_once *present_at_once(struct vcdr_disc *disc)
{
    return &disc->at_once[disc->info.sessions - 1];
}

static inline const struct at_once *last_at_once(const struct vcdr_disc *disc)
{
    return &disc->at_once[disc->info.sessions - 1];
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
/* Blocks that an open track can still take. */
uint32_t layout_room(const struct vcdr_disc *disc, const struct track *track);
/* Where in the file the next track's blocks go: with those of the tracks before it, and on a blank
 * disc where the snapshot has none. */
uint8_t layout_region(const struct vcdr_disc *disc);
/* Physical blocks from index 1 that a track takes, or will take. */
uint32_t layout_extent(const struct track *track);
/* The length that closing gives an open track of so many blocks, none of them in packets. */
uint32_t layout_padded(const struct track *track, uint32_t blocks);
/* Puts a track in the place of number (1..tracks + 1); the caller has checked it. */
void layout_set_track(struct vcdr_disc *disc, unsigned number, const struct track *track);
void layout_close_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final);
/* Number of the last track whose pre-gap starts at or before lba, 0 for none. */
unsigned layout_last_starting(const struct vcdr_disc *disc, int32_t lba);
/* Byte of the file where a block of a track starts that was not written at once. */
uint64_t layout_offset(const struct track *track, uint32_t block);
/* Byte of the file that belongs to this address. */
uint64_t layout_place(uint8_t region, int32_t lba);
/* Byte of the file behind all that the present state counts; 0 without any. */
uint64_t layout_stored_end(const struct vcdr_disc *disc);
/* Could the log of an honest disc bring this track next? For replay: VCDR_OK or VCDR_EDAMAGED. */
int layout_check_track(const struct vcdr_disc *disc, unsigned number, const struct track *track);

/* Zeros from one byte of the file up to another, by way of the scratch. burn.c */
int store_zeros(struct vcdr_disc *disc, uint64_t at, uint64_t end);

/* ---- packet.c: tracks written in packets ---- */

enum { LINK_BLOCKS = 7, PACKET_BLOCKS = 1024 /* of the longest fixed packet */ };
/* Physical blocks that so many blocks of the track take, and the other way round. */
uint32_t packet_extent(const struct track *track, uint32_t blocks);
uint32_t packet_capacity(const struct track *track, uint32_t extent);
/* The block of the track that is written next; of one without packets too. */
uint32_t packet_next(const struct track *track);
/* Where a block of the track that is written lies, as its header says. */
int32_t packet_address(const struct track *track, uint32_t at);
/* Byte of the file of a packet's slot in the table. */
uint64_t packet_table(const struct track *track, uint32_t packet);
/* How many blocks of a packet follow from this one of the track, which is less than `written`.
 * VCDR_EUNREADABLE in the linking; VCDR_EIO: the table is damaged. O(log n). */
int packet_run(const struct vcdr_disc *disc, const struct track *track, uint32_t at,
               uint32_t *blocks);
/* Appends to the open track, which has room for it. */
int packet_write(struct vcdr_disc *disc, struct track *track, const void *data, uint32_t blocks);
/* Gives a track the length that closing leaves it with. */
int packet_complete(struct vcdr_disc *disc, struct track *track);
/* Leaves what is before this block, with which a packet begins, or VCDR_EADDRESS. */
int packet_cut(const struct vcdr_disc *disc, struct track *track, uint32_t at);
/* For replay: could it be, with so many physical blocks up to the lead-out? */
bool packet_fits(const struct track *track, uint32_t left);

/* ---- snapshot.c ---- */

/* Any disc, during a rehearsal too, back to blank; the snapshot is kept. */
int make_blank(struct vcdr_disc *disc);

/* ---- session.c: what the calls for all discs do in a session at once ---- */

/* Blocks up to its lead-out; RAW: up to the last possible one. */
uint32_t at_once_left(const struct vcdr_disc *disc);
int at_once_write(struct vcdr_disc *disc, const void *data, uint32_t blocks);
/* Appends its record where blocks came since the last one. */
int at_once_note(struct vcdr_disc *disc);
int at_once_complete(struct vcdr_disc *disc, bool next_allowed, bool b0_final);

/* ---- text.c: numbers of disc and track ---- */

bool text_is_mcn(const char *text);  /* 13 digits */
bool text_is_isrc(const char *text); /* 5 of 0-9, A-Z, then 7 digits */

/* ---- at_once.c: a session at once, and the changes that log and calls both make ---- */

/* First block that the present session's pre-gap has. */
int32_t at_once_start(const struct vcdr_disc *disc);
/* Is one open, or was the present one given up? */
bool at_once_open(const struct vcdr_disc *disc);
/* Is this a layout for the present session? Nothing is said about the session's state. */
int at_once_check(const struct vcdr_disc *disc, const struct vcdr_session_layout *layout, bool raw);
/* Copies the stretches that have a length behind those of the disc, which do not count them yet;
 * returns how many. */
unsigned at_once_take(struct vcdr_disc *disc, const struct vcdr_session_layout *layout, bool raw);
/* The present session becomes this one. */
void at_once_begin(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format);
/* And gets its stretches, which at_once_take took, and tracks; `block_types` of its tracks for RAW,
 * else NULL. */
void at_once_lay_out(struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                     const struct at_once *at_once, const uint8_t *block_types);
/* So many blocks from its start on are there, and those behind them that the disc makes. */
void at_once_advance(struct vcdr_disc *disc, uint32_t blocks);
/* Blocks that its layout has. */
uint32_t at_once_blocks(const struct vcdr_disc *disc);
/* An open one is so no more: it was interrupted. Does nothing when none is open. */
void at_once_damage(struct vcdr_disc *disc);

/* ---- blob.c: lead-in text, the layout of a session at once and its CD-Text ---- */

/* Writes it where nothing else lies, and says in *at_once where, its CRC, how many of what.
 * VCDR_ENOSPACE: there is no room, which no disc comes near. Not flushed. */
int blob_write(struct vcdr_disc *disc, const struct vcdr_session_layout *layout, bool raw,
               const uint8_t *block_types, struct at_once *at_once);
/* What blob_read finds, beside the stretches. */
struct blob {
    char isrc[CD_MAX_TRACKS][13];
    uint8_t block_types[CD_MAX_TRACKS];
};
/* Reads its stretches behind those of the disc, as at_once_take would put them there.
 * VCDR_EDAMAGED, VCDR_ECUTSHORT. Leaves disc->scratch alone. NULL: reads it only, and puts nothing
 * anywhere. */
int blob_read(struct vcdr_disc *disc, const struct at_once *at_once, struct blob *out);
/* Gives a text of this size a place in its region where no other lies, the snapshot's neither.
 * VCDR_ENOSPACE, which no disc comes near. */
int blob_find_room(const struct vcdr_disc *disc, struct at_once *at_once);
/* Byte of the file behind it; 0 without. */
uint64_t blob_end(const struct at_once *at_once);

/* ---- session_log.c: the record of a session at once ---- */

/* Appends the present session's record. Durable only after log_sync. */
int log_at_once(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format);
/* The session as it is closed. */
int log_at_once_complete(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format,
                         bool next_allowed, bool b0_final);
/* Of any session at once of the disc, not sealed. */
void at_once_put_record(const struct vcdr_disc *disc, unsigned session, uint8_t *record);
void at_once_get_record(const uint8_t *record, struct at_once *out);
int at_once_replay(struct vcdr_disc *disc, const uint8_t *record);
/* Does the disc still have what this record of its snapshot counts? */
bool at_once_grew_from(const struct vcdr_disc *disc, const uint8_t *record);
/* Can all lead-in texts be read that a snapshot needs? */
int at_once_check_kept(struct vcdr_disc *disc, const struct snapshot *kept);

/* ---- run.c: an address found on the disc ---- */

/* Blocks from one address on that are of one kind. */
struct run {
    const struct track *track;
    const struct vcdr_stretch *stretch; /* NULL for a track that was not written at once */
    struct shape shape;
    int32_t address; /* of the first, as its header and Q have it: fixed packets have other LBAs */
    uint64_t offset; /* in the store, of the first; for stored ones */
    uint32_t blocks; /* at least 1 */
    bool stored;     /* otherwise nothing is: padding, a pre-gap of TAO, what the disc makes */
};
/* VCDR_EADDRESS, VCDR_EUNREADABLE. O(log n). */
int run_find(const struct vcdr_disc *disc, int32_t lba, struct run *run);
/* The stretch of a track written at once that holds this address of its. */
const struct vcdr_stretch *run_stretch(const struct vcdr_disc *disc, const struct track *track,
                                       int32_t lba);

/* ---- log.c: what is durable ---- */

enum record_type {
    RECORD_NONE = 0,
    RECORD_AREA = 1,
    RECORD_TRACK = 2,
    RECORD_SESSION = 3,
    RECORD_SNAPSHOT = 4, /* what stands before it is the snapshot; the disc begins again, blank */
    RECORD_AT_ONCE = 5,
    RECORD_PACKETS = 6, /* a track that is written in packets */
    RECORD_LAST = RECORD_PACKETS,
};

/* Writes an empty log into both areas. */
int log_format(struct vcdr_store store);
/* Finds the valid area and replays it into a disc whose header has been read. */
int log_replay(struct vcdr_disc *disc);
/* Flushes the store if anything was written since the last time. */
int log_sync(struct vcdr_disc *disc);
/* Appends one record behind all that was written before it. Durable only after log_sync. */
int log_append(struct vcdr_disc *disc, uint8_t *record, enum record_type type);
int log_track(struct vcdr_disc *disc, unsigned number, const struct track *track);
int log_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final);
/* Starts a new log that keeps this snapshot, or none for NULL, and says this state of the disc, or
 * the present one for NULL. Durable on return. */
int log_renew(struct vcdr_disc *disc, const struct snapshot *kept, const struct snapshot *state);
/* The disc's present state as a snapshot. */
void log_take(const struct vcdr_disc *disc, struct snapshot *out);
/* A state in the snapshot's region has grown out of it: what it does not count of the snapshot it
 * could write over. VCDR_OK or VCDR_EDAMAGED. */
int log_check_snapshot(const struct vcdr_disc *disc);
/* Replays a snapshot that log_take made, or that was found sound, into a blank layout. */
int log_recall(struct vcdr_disc *disc, const struct snapshot *snapshot);

#endif

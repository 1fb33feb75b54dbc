/* SPDX-License-Identifier: MIT */
/*
 * A CD-R as a thing: its sessions, its tracks, where they lie, and what survives a power cut. It
 * knows no CDB, no sense, no clock and no nexus.
 *
 * Units: an address is an LBA (75 a second, negative before 00:02:00), a length is in blocks. One
 * disc is used by one thread at a time. Errors: negative enum vcdr_error; a call that fails leaves
 * the disc as it was, VCDR_EIO of a mutation excepted, after which only reading is promised.
 *
 * The bytes of the store are described in docs/disc-format.md.
 */
#ifndef VCDR_DISC_H
#define VCDR_DISC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vcdr/error.h>
#include <vcdr/store.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vcdr_disc;

enum vcdr_medium { VCDR_MEDIUM_CD_R, VCDR_MEDIUM_CD_RW };

/* What the manufacturer pressed into the groove (ATIP). */
struct vcdr_geometry {
    enum vcdr_medium medium;
    int32_t lead_in_lba;       /* start of the first lead-in, e.g. -11634 for 97:26:66 */
    int32_t last_lead_out_lba; /* last possible start of a lead-out, e.g. 359849; < 404850 (90:00:00) */
};

/* Geometry of a nominal "74min", "80min" or "90min" disc; VCDR_EINVAL for any other word. */
int vcdr_geometry_by_name(const char *name, enum vcdr_medium medium, struct vcdr_geometry *out);

enum vcdr_disc_status { VCDR_DISC_BLANK, VCDR_DISC_APPENDABLE, VCDR_DISC_COMPLETE };
enum vcdr_session_state { VCDR_SESSION_EMPTY, VCDR_SESSION_OPEN, VCDR_SESSION_COMPLETE };
enum vcdr_track_state {
    VCDR_TRACK_INVISIBLE, /* the next track, nothing written yet; no number is spent on it */
    VCDR_TRACK_RESERVED,  /* RESERVE TRACK: a place of known size, nothing written */
    VCDR_TRACK_OPEN,      /* being written */
    VCDR_TRACK_COMPLETE,
};

struct vcdr_track {
    uint8_t number;  /* 1..99; the invisible track has the number it would get */
    uint8_t session; /* 1.. */
    enum vcdr_track_state state;
    uint8_t control;    /* Q control nibble: 0 audio ... 4 data ... */
    uint8_t block_type; /* data block type that the host wrote: 0, 8, 9, 10, 11, 12, 13 */
    uint8_t sub_header[4]; /* for block types 10 and 12 */
    int32_t start_lba;  /* first user block (index 1) */
    uint32_t written;   /* user blocks recorded, padding to the minimum included */
    uint32_t size;      /* blocks up to the next gap: written + 2 run-out when complete; the reserved
                         * size when reserved or open in a reservation; else what is left */
    bool reserved;      /* came from a reservation, open or not */
    char isrc[13];      /* 12 characters or empty */
};

struct vcdr_session {
    uint8_t number; /* 1.. */
    enum vcdr_session_state state;
    uint8_t format;        /* 00 CD-DA/CD-ROM, 10 CD-I, 20 CD-ROM XA */
    uint8_t first_track;   /* the number its first track has or would get */
    uint8_t last_track;    /* last number spent, 0 when none */
    int32_t lead_in_lba;   /* where its lead-in starts */
    int32_t first_lba;     /* first user block of its program area */
    int32_t lead_out_lba;  /* valid when complete */
    bool next_allowed;     /* valid when complete: another session may follow */
    bool b0_final;         /* closed with multi-session 01: a B0 pointer of FF:FF:FF */
};

struct vcdr_disc_info {
    struct vcdr_geometry geometry;
    enum vcdr_disc_status status;
    uint8_t sessions;          /* the empty or open one counted: 1 on a blank disc */
    uint8_t complete_sessions;
    uint8_t tracks;            /* complete, open and reserved; 0..99 */
    uint8_t open_track;        /* number of the track being written, 0 for none */
    char mcn[14];              /* 13 digits or empty */
    uint32_t serial;           /* made when the disc was made; tells two discs apart */
    bool snapshot;             /* one is kept: vcdr_disc_restore */
    bool rehearsal;            /* what is told here is rehearsed only: vcdr_disc_rehearse */
    uint64_t generation;       /* grows with every change of what info, track or session return */
};

/* Formats a store as a blank disc. `serial` is any number; the caller chooses it. */
int vcdr_disc_create(struct vcdr_store store, const struct vcdr_geometry *geometry, uint32_t serial);

/* Opens a formatted store, which the disc owns from then on (not on failure). Reads the log, drops a
 * torn tail. VCDR_ENOTDISC, VCDR_ECUTSHORT, VCDR_ENEWER, VCDR_EDAMAGED say why not. */
int vcdr_disc_open(struct vcdr_store store, struct vcdr_disc **out);

/* Makes durable what is written and frees the disc and its store; an open track stays open. Returns
 * the error of that last flush. NULL is allowed. */
int vcdr_disc_close(struct vcdr_disc *disc);

/* Frees disc and store without flushing: a power cut, for tests. */
void vcdr_disc_abandon(struct vcdr_disc *disc);

/* Never fails; valid until the disc changes. O(1). */
const struct vcdr_disc_info *vcdr_disc_info(const struct vcdr_disc *disc);

/* number 1..tracks, or tracks + 1 for the invisible track of an open or empty session (VCDR_ENOENT
 * on a complete disc, with 99 tracks, or while a track without a reserved end is open: that one is
 * the incomplete track then). O(1). */
int vcdr_disc_track(const struct vcdr_disc *disc, unsigned number, struct vcdr_track *out);
/* The track that holds this address (its pre-gap and its run-out included), the invisible track
 * beyond the last. VCDR_EADDRESS between two sessions, and outside the program area. O(log n). */
int vcdr_disc_track_at(const struct vcdr_disc *disc, int32_t lba, struct vcdr_track *out);
/* number 1..sessions. O(1). */
int vcdr_disc_session(const struct vcdr_disc *disc, unsigned number, struct vcdr_session *out);

/* Next writable address of a track: open, reserved or invisible; VCDR_ESTATE for a complete one. */
int vcdr_disc_next_writable(const struct vcdr_disc *disc, unsigned track, int32_t *lba);
/* User blocks that can still be written to that track before its end or the last possible lead-out,
 * its 2 run-out blocks already taken off; 0 for an invisible track that has no room for 300. */
int vcdr_disc_free_blocks(const struct vcdr_disc *disc, unsigned track, uint32_t *blocks);

struct vcdr_track_parameters {
    uint8_t control;
    uint8_t block_type;
    uint8_t sub_header[4];
    uint8_t session_format;
    const char *mcn;  /* 13 digits, or NULL */
    const char *isrc; /* 12 characters, or NULL */
};

/* Opens the invisible track or a reserved one for writing, and its session where none is open.
 * VCDR_ESTATE: another track is open, or the disc is complete; VCDR_ETRACKS; VCDR_ENOSPACE;
 * VCDR_EMODE: the session's format is another; VCDR_EINVAL: a block type it cannot store, or one
 * that the control nibble or the sub-header contradicts. A kill may leave it open or not. */
int vcdr_disc_open_track(struct vcdr_disc *disc, unsigned track,
                         const struct vcdr_track_parameters *parameters);

/* Appends blocks to the open track, each of its block type's size. All or nothing: VCDR_ENOSPACE
 * writes none; after VCDR_EIO here the same blocks may be written again. */
int vcdr_disc_write(struct vcdr_disc *disc, const void *data, uint32_t blocks);

/* Ends the open track: pads to 300 blocks (or to its reserved size), adds the run-out, makes it
 * durable. VCDR_ESTATE when none is open. */
int vcdr_disc_close_track(struct vcdr_disc *disc);

/* Fills a reserved, unwritten track with blocks of zeros, of the kind of the complete track before it
 * in its session or else mode 1, and completes it. VCDR_ESTATE: it is not such a track, or a track
 * is open. */
int vcdr_disc_close_reserved(struct vcdr_disc *disc, unsigned track);

/* RESERVE TRACK: blocks as asked (>= 300). VCDR_ESTATE when a track is open, VCDR_ENOSPACE. */
int vcdr_disc_reserve(struct vcdr_disc *disc, uint32_t blocks);

/* Writes lead-in and lead-out of the open session; `next_allowed` leaves the disc appendable
 * with a new empty session, otherwise it is finalised. VCDR_ESTATE: a track is open or
 * reserved, or the session has no track. Durable on return. */
int vcdr_disc_close_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final);

/* Makes all that is written durable; the open track stays open with what it has. */
int vcdr_disc_flush(struct vcdr_disc *disc);

/* CD-RW only (VCDR_EMODE on CD-R): back to blank. */
int vcdr_disc_blank(struct vcdr_disc *disc);

/*
 * A rehearsal (Test Write): from `rehearse` to `rehearsal_end` every call answers as on a disc that
 * is being written, and nothing of it is stored: not a byte of the store changes. What can be read
 * is what was there before. The end puts the disc back to the state before, and never fails; closing
 * and abandoning the disc end a rehearsal too. rehearse: VCDR_ENOMEM; VCDR_ESTATE during one.
 */
int vcdr_disc_rehearse(struct vcdr_disc *disc);
void vcdr_disc_rehearsal_end(struct vcdr_disc *disc);

/*
 * What no drive can do, for those who test with discs. Each costs the same whatever is on the disc:
 * no block is written, copied or freed; durable on return; a power cut leaves the state before or
 * the one after. What is written later never touches a block of the snapshot. VCDR_ESTATE during a
 * rehearsal.
 */
/* Keeps the present state as the disc's snapshot, in place of the one before; an open track is kept
 * open, with what is written (vcdr_disc_flush comes first). VCDR_ENOMEM. */
int vcdr_disc_snapshot(struct vcdr_disc *disc);
/* Back to the snapshot, which is kept; VCDR_ENOENT when there is none. */
int vcdr_disc_restore(struct vcdr_disc *disc);
/* Back to blank, a CD-R too; the snapshot is kept. */
int vcdr_disc_reset(struct vcdr_disc *disc);

/*
 * Reading. The blocks of complete tracks, of the open track as far as written, and the 150 blocks of
 * a complete track's pre-gap inside the program area (which read as silence or empty data sectors of
 * that track) can be read. VCDR_EADDRESS beyond the recorded area, VCDR_EUNREADABLE in run-outs,
 * gaps between sessions and unwritten places. `done` (may be NULL) receives how many blocks
 * were good; the buffer holds them on failure too.
 */
/* 2352 bytes a block: audio samples as written, or sync, header, user data, EDC and ECC of a data
 * sector, generated as IEC 10149 / ECMA-130 have it. */
int vcdr_disc_read_raw(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                       uint32_t *done);
/* 2048 bytes a block of mode 1 or form 1 user data; VCDR_EMODE for any other sector. */
int vcdr_disc_read_user(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                        uint32_t *done);

/* Bytes a block of this data block type has on the host's side; 0 for one this disc cannot store. */
unsigned vcdr_block_bytes(unsigned block_type);

/* MSF <-> LBA by MMC-6 table: minutes from 90 up lie before LBA -150. */
int32_t vcdr_msf_to_lba(unsigned m, unsigned s, unsigned f);
void vcdr_lba_to_msf(int32_t lba, uint8_t msf[3]);

#ifdef __cplusplus
}
#endif
#endif

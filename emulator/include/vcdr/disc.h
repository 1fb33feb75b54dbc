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
enum vcdr_session_state {
    VCDR_SESSION_EMPTY,
    VCDR_SESSION_OPEN,
    VCDR_SESSION_COMPLETE,
    /* Written at once and interrupted, the last of the disc: nothing can follow; the disc's status
     * stays appendable, though there is no invisible track. A CD-RW can be blanked. */
    VCDR_SESSION_DAMAGED,
};
/* How a track, or a session as a whole, was recorded. */
enum vcdr_recording {
    VCDR_RECORDING_TAO,    /* track at once; of a session: its tracks were written one by one */
    VCDR_RECORDING_SAO,    /* session at once, by a layout given before */
    VCDR_RECORDING_RAW,    /* sectors and sub-channel as the host made them */
    VCDR_RECORDING_PACKET, /* incrementally; only of a track */
};
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
    /* Data block type (BLOCK_TYPE_*) that the host wrote; of a session at once or raw the one whose
     * sectors index 1 begins with: 0 audio, 8 mode 1, 9 mode 2 without form, 13 XA. */
    uint8_t block_type;
    uint8_t sub_header[4]; /* for block types 10 and 12 */
    int32_t start_lba;  /* first user block (index 1) */
    uint32_t written;   /* user blocks recorded, padding to the minimum included */
    uint32_t size;      /* blocks up to the next gap: written + 2 run-out when complete; the reserved
                         * size when reserved or open in a reservation; else what is left. Of SAO and
                         * RAW: up to the next track's index 0 or the lead-out; there is no run-out */
    bool reserved;      /* came from a reservation, open or not */
    char isrc[13];      /* 12 characters or empty */
    enum vcdr_recording recording;
    int32_t pregap_lba; /* start of its index 0, start_lba where it has none; TAO: start_lba - 150 */
    uint8_t last_index; /* 1..99; 1 for TAO */
    uint32_t packet_size; /* of packets of fixed length, in blocks; 0: variable, or none */
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
    enum vcdr_recording recording; /* TAO, SAO or RAW; an open SAO or RAW session is "at once" */
    uint16_t packs;        /* CD-Text packs in its lead-in: vcdr_disc_cd_text */
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
 * torn tail, flushes: what it says from then on is durable; after a flush that fails only reading is
 * promised. VCDR_ENOTDISC, VCDR_ECUTSHORT, VCDR_ENEWER, VCDR_EDAMAGED say why not. */
int vcdr_disc_open(struct vcdr_store store, struct vcdr_disc **out);

/* Makes durable what is written and frees the disc and its store; an open track stays open, an open
 * session at once will be damaged. Returns the error of that last flush. NULL is allowed. */
int vcdr_disc_close(struct vcdr_disc *disc);

/* Frees disc and store without flushing: a power cut, for tests. */
void vcdr_disc_abandon(struct vcdr_disc *disc);

/* Never fails; valid until the disc changes. O(1). */
const struct vcdr_disc_info *vcdr_disc_info(const struct vcdr_disc *disc);

/* number 1..tracks, or tracks + 1 for the invisible track of an open or empty session (VCDR_ENOENT
 * on a complete or damaged disc, with 99 tracks, in a session at once, or while a track without a
 * reserved end is open: that one is the incomplete track then). O(1). */
int vcdr_disc_track(const struct vcdr_disc *disc, unsigned number, struct vcdr_track *out);
/* The track that holds this address (its pre-gap and its run-out included), the invisible track
 * beyond the last. VCDR_EADDRESS between two sessions, and outside the program area. O(log n). */
int vcdr_disc_track_at(const struct vcdr_disc *disc, int32_t lba, struct vcdr_track *out);
/* number 1..sessions. O(1). */
int vcdr_disc_session(const struct vcdr_disc *disc, unsigned number, struct vcdr_session *out);

/* Next writable address of a track: open, reserved or invisible; VCDR_ESTATE for a complete one.
 * In a session at once it is that of vcdr_disc_next_block, for the open track of SAO, for tracks + 1
 * of RAW. */
int vcdr_disc_next_writable(const struct vcdr_disc *disc, unsigned track, int32_t *lba);
/* User blocks that can still be written to that track before its end or the last possible lead-out,
 * its 2 run-out blocks already taken off; 0 for an invisible track that has no room for 300. In a
 * session at once: up to its lead-out (RAW: the last possible one). */
int vcdr_disc_free_blocks(const struct vcdr_disc *disc, unsigned track, uint32_t *blocks);

struct vcdr_track_parameters {
    uint8_t control;
    uint8_t block_type;
    uint8_t sub_header[4];
    uint8_t session_format;
    const char *mcn;  /* 13 digits, or NULL */
    const char *isrc; /* 12 characters, or NULL */
    bool packets;     /* recorded incrementally: the control nibble is 5 or 7 then, and never else */
    uint32_t packet_size; /* of each, 1..1024 blocks; 0: packets are as long as they come */
};

/* Opens the invisible track or a reserved one for writing, and its session where none is open.
 * VCDR_ESTATE: another track is open, or the disc is complete; VCDR_ETRACKS; VCDR_ENOSPACE;
 * VCDR_EMODE: the session's format is another; VCDR_EINVAL: a block type it cannot store, or one
 * that the control nibble or the sub-header contradicts. A kill may leave it open or not. */
int vcdr_disc_open_track(struct vcdr_disc *disc, unsigned track,
                         const struct vcdr_track_parameters *parameters);

/* Appends blocks to the open track, each of its block type's size; in a session at once, each of the
 * size that vcdr_disc_next_block says (VCDR_EMODE: the size changes within them). All or nothing:
 * VCDR_ENOSPACE writes none; after VCDR_EIO here the same blocks may be written again. */
int vcdr_disc_write(struct vcdr_disc *disc, const void *data, uint32_t blocks);

/*
 * Packets. Blocks that are appended belong to one packet until it is ended; between two packets lie 7
 * blocks of linking. Those of packets of variable length have addresses, so the next writable
 * address moves on by 7, and cannot be read; those of packets of a fixed length have none (MMC-6
 * addressing method 2). A track in packets stays open over vcdr_disc_flush and the closing of the
 * disc; it goes on with a new packet.
 */
/* Ends the packet that is being written; one of fixed length is filled with zeros. VCDR_OK where
 * there is none. After VCDR_EIO it may be asked for again. */
int vcdr_disc_end_packet(struct vcdr_disc *disc);

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
 * reserved, the session has no track, or it is SAO and lacks blocks, or RAW (vcdr_disc_close_raw).
 * Durable on return. */
int vcdr_disc_close_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final);

/* Makes all that is written durable; the open track stays open with what it has. */
int vcdr_disc_flush(struct vcdr_disc *disc);

/*
 * Erasing, CD-RW only (VCDR_EMODE on CD-R). Durable on return; a power cut leaves the state before or
 * the one after. None touches a block of the snapshot: where what is erased is the snapshot's too,
 * what remains is copied out of its way first. VCDR_ENOMEM but for vcdr_disc_blank.
 */
/* Back to blank. */
int vcdr_disc_blank(struct vcdr_disc *disc);
/* A track of the open session keeps its place: it is reserved and unwritten; an open one without a
 * reserved end, which has none yet, is gone. VCDR_ENOENT: no such track; VCDR_ESTATE: it is not of an
 * open session of single tracks. */
int vcdr_disc_erase_track(struct vcdr_disc *disc, unsigned track);
/* Takes back the reservation of the open session's last track, unwritten (VCDR_ESTATE otherwise). */
int vcdr_disc_unreserve(struct vcdr_disc *disc, unsigned track);
/* Erases what a track of the open session has from this address on, which must be one of its blocks
 * (VCDR_EADDRESS); the track is open then, and this its next writable address. VCDR_ESTATE: another
 * track is open, or the session is none of single tracks. */
int vcdr_disc_erase_tail(struct vcdr_disc *disc, int32_t lba);
/* The last session that is complete is open again, its tracks stay. VCDR_ENOENT: there is none;
 * VCDR_ESTATE: the session behind it is not empty, or it was written at once. */
int vcdr_disc_unclose_session(struct vcdr_disc *disc);
/* The last session that is not empty becomes empty; VCDR_ENOENT: there is none. */
int vcdr_disc_erase_session(struct vcdr_disc *disc);

/*
 * A rehearsal (Test Write): from `rehearse` to `rehearsal_end` every call answers as on a disc that
 * is being written, and nothing of it is stored: not a byte of the store changes. What can be read
 * is what was there before. The end puts the disc back to the state before, and never fails; closing
 * and abandoning the disc end a rehearsal too. rehearse: VCDR_ENOMEM; VCDR_ESTATE during one.
 */
int vcdr_disc_rehearse(struct vcdr_disc *disc);
void vcdr_disc_rehearsal_end(struct vcdr_disc *disc);

/*
 * Sessions at once. The host says first where everything lies (SAO), or afterwards (RAW); between,
 * it appends blocks from the session's pre-gap (first_lba - 150) on, without a gap. Such a session
 * begins only where the present session is still empty. While it is open the calls for single
 * tracks fail with VCDR_ESTATE. In SAO a track counts in info.tracks once its first block is the
 * next to be written (with open_track its number), and is complete behind its last; in RAW there
 * are no tracks before the closing.
 *
 * A power cut, vcdr_disc_abandon or vcdr_disc_close between opening and closing leaves the session
 * damaged: SAO keeps the tracks that the last flush counted whole, RAW none. Closing is durable on
 * return; a cut within it leaves the session damaged or complete.
 */

/*
 * A run of blocks alike. The stretches of a layout touch: each ends where the next one begins, the
 * last at the lead-out; one without length is allowed and means nothing.
 */
struct vcdr_stretch {
    uint8_t track;   /* 1..99 */
    uint8_t index;   /* 0 pre-gap, 1 and more */
    uint8_t control; /* Q control nibble */
    uint8_t form;    /* data form as in a cue sheet (MMC-6 SEND CUE SHEET); RAW: not looked at */
    int32_t lba;     /* its first block */
};

struct vcdr_session_layout {
    uint8_t format; /* SESSION_FORMAT_* */
    /* Tracks follow each other from info.tracks + 1 on, indexes from 0 or 1; the first stretch is
     * index 0 at the session's first_lba - 150 and is 150 blocks at least; from one index 1 to the
     * next, or to the lead-out, there are 300 blocks. Audio forms with bit 2 of the control clear,
     * data forms with it set. */
    const struct vcdr_stretch *stretches;
    unsigned count;
    int32_t lead_out_lba;
    const char *mcn;         /* 13 digits, or NULL */
    const char (*isrc)[13];  /* a row a track from its first: 12 characters or empty; NULL: none */
    const uint8_t *packs;    /* CD-Text, 18 bytes each, CRC as the host sent it; NULL when none */
    unsigned pack_count;     /* 0..2048 */
};

/* Would vcdr_disc_open_session take it? The same errors; nothing changes. O(count). */
int vcdr_disc_check_layout(const struct vcdr_disc *disc, const struct vcdr_session_layout *layout);

/* Begins a session at once (SAO); what the layout points to is copied. VCDR_ESTATE: the present
 * session is not empty, or the disc complete or damaged; VCDR_EINVAL: against the rules above, or a
 * form that vcdr_form_bytes does not know; VCDR_ETRACKS; VCDR_ENOSPACE: the lead-out lies behind
 * the last possible one. Not durable by itself. O(count). */
int vcdr_disc_open_session(struct vcdr_disc *disc, const struct vcdr_session_layout *layout);

/* Begins a raw session: blocks of 2448 bytes, 2352 as they go to the disc (data sectors scrambled
 * by ECMA-130 annex B) and 96 of raw P-W. Errors as above. */
int vcdr_disc_open_raw(struct vcdr_disc *disc);

/* The next block that a session at once expects. Stretches that the disc makes itself (forms 01, 14,
 * 24, 34 without sub-channel) are passed over. */
struct vcdr_next_block {
    int32_t lba;
    uint16_t bytes;  /* of a block on the host's side */
    uint32_t blocks; /* of that size without a change; at least 1 */
};
/* VCDR_ESTATE: no session at once is open, or it has all its blocks. O(1). */
int vcdr_disc_next_block(const struct vcdr_disc *disc, struct vcdr_next_block *out);

/* Ends a raw session, of which this is the layout. Blocks appended behind the layout's lead-out are
 * dropped; the kind of a track's sectors is seen in its first sector of index 1. VCDR_ESTATE: no raw
 * session is open; VCDR_EINVAL: against the rules, or it lacks blocks. Durable on return. */
int vcdr_disc_close_raw(struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                        bool next_allowed, bool b0_final);

/* Gives an open session at once up: it is damaged from now on, as after a power cut (SAO: the tracks
 * that are whole stay). VCDR_ESTATE when none is open. Durable on return. */
int vcdr_disc_interrupt_session(struct vcdr_disc *disc);

/* CD-Text packs of a session, 18 bytes each, in the order given. `first` + `count` up to the
 * session's packs, else VCDR_EINVAL; VCDR_ENOENT: no such session. */
int vcdr_disc_cd_text(struct vcdr_disc *disc, unsigned session, unsigned first, unsigned count,
                      uint8_t *packs);

/* Where an address lies. */
struct vcdr_position {
    uint8_t track;
    uint8_t index;
    uint8_t control;
    int32_t relative; /* blocks from index 1: negative in the pre-gap */
};
/* VCDR_EADDRESS, VCDR_EUNREADABLE: as reading the block would answer. O(log n). */
int vcdr_disc_position(const struct vcdr_disc *disc, int32_t lba, struct vcdr_position *out);
/* First block of an index of a track that has one; VCDR_ENOENT. O(indexes of the track). */
int vcdr_disc_index(const struct vcdr_disc *disc, unsigned track, unsigned index, int32_t *lba);

/*
 * What no drive can do, for those who test with discs. Each costs the same whatever is on the disc:
 * no block is written, copied or freed; durable on return; a power cut leaves the state before or
 * the one after. What is written later never touches a block of the snapshot. VCDR_ESTATE during a
 * rehearsal.
 */
/* Keeps the present state as the disc's snapshot, in place of the one before; an open track is kept
 * open, with what is written (vcdr_disc_flush comes first). VCDR_ENOMEM. */
int vcdr_disc_snapshot(struct vcdr_disc *disc);
/* Back to the snapshot, which is kept; VCDR_EDAMAGED where the file has lost what it needs,
 * VCDR_ENOENT when there is none. */
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

/* 96 bytes of raw P-W a block (bit 7 P, bit 6 Q, ... bit 0 W; bit 7 of Q's byte 0 first), of every
 * block that vcdr_disc_read_raw reads. RAW: as the host sent it. Otherwise made: P set in a pre-gap;
 * Q with the position, in one block of 50 with the MCN (ADR 2) and in one with the track's ISRC
 * (ADR 3) where there are such, and its CRC; R-W as the host sent it, or zero. */
int vcdr_disc_read_sub(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                       uint32_t *done);
/* The 12 bytes of one block's Q: control and ADR, ten of data, CRC. */
int vcdr_disc_read_q(struct vcdr_disc *disc, int32_t lba, uint8_t q[12]);

/* Bytes a block of this data block type has on the host's side; 0 for one this disc cannot store. */
unsigned vcdr_block_bytes(unsigned block_type);

/* Bytes a block of this data form (MMC-6 SEND CUE SHEET: low six bits the main channel, bits 7-6 the
 * sub-channel) has on the host's side, main and sub-channel: 0 for one that the disc makes itself;
 * VCDR_EINVAL for one that no stretch can have. */
int vcdr_form_bytes(unsigned form);
/* Main channel bytes of it alone, or VCDR_EINVAL. */
int vcdr_form_main_bytes(unsigned form);
/* Is its main channel audio? Of a form that vcdr_form_bytes knows. */
bool vcdr_form_is_audio(unsigned form);

/* MSF <-> LBA by MMC-6 table: minutes from 90 up lie before LBA -150. */
int32_t vcdr_msf_to_lba(unsigned m, unsigned s, unsigned f);
void vcdr_lba_to_msf(int32_t lba, uint8_t msf[3]);

#ifdef __cplusplus
}
#endif
#endif

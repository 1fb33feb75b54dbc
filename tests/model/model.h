/* SPDX-License-Identifier: MIT */
/*
 * What a drive has to answer, and what its disc has to hold: a model of a CD-R burned
 * track-at-once and of the lock, written from docs/wire-extension.md, docs/disc-format.md,
 * docs/record.md and MMC-6. It is slow and plain on purpose, and knows nothing of the drive's code;
 * it shares no number with it either. Where a standard leaves a choice, the model takes every
 * answer that is allowed.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEXUSES = 3, NOBODY = -1, TRACKS = 99, NAME_ROOM = 64, HISTORY = 15 };
enum { RUN_OUT = 2, PREGAP = 150, SHORTEST = 300 };
enum track_state { RESERVED, OPEN, COMPLETE };

struct track {
    enum track_state state;
    unsigned session;
    uint8_t control, type, format;
    bool was_reserved;
    int32_t start;   /* index 1 */
    uint32_t room;   /* the reserved size, or 0 */
    uint32_t stored; /* blocks that the host wrote */
    uint32_t length; /* user blocks of a complete track, padding included */
    int64_t durable; /* of an open one: what a power cut leaves of `stored`; -1: perhaps no track */
};

struct session {
    unsigned first; /* number that its first track has or would get */
    bool closed, next;
    int32_t lead_in, start, lead_out;
};

struct disc {
    int32_t last_lead_out;
    unsigned tracks, sessions; /* the open or empty session counted */
    unsigned open;             /* number of the open track, 0 for none */
    struct track track[TRACKS + 1];
    struct session session[TRACKS + 2];
};

/* What the host sent to a track: a tag a block, from which its bytes are made again. */
struct tags {
    uint32_t *tag;
    uint32_t room;
};

struct nexus {
    char shown[NAME_ROOM]; /* its initiator's name, where it holds the drive by RESERVE */
    uint32_t attention[8]; /* KKAAQQh, first to be told first; 0 ends */
    uint8_t media_event;
    bool prevents;
};

struct write_page {
    uint8_t multi, control, type, format;
    bool test; /* Test Write */
};

struct model {
    struct disc disc;
    struct disc kept; /* while the disc is only rehearsed on: as it is */
    bool rehearsing;
    struct tags tags[TRACKS + 1];
    struct nexus nexus[NEXUSES];
    int page_owner, reserver; /* nexus or NOBODY */
    char page_name[NAME_ROOM];
    uint8_t page_flags;
    bool changed; /* the medium, under the page lock */
    char history[HISTORY][NAME_ROOM];
    unsigned history_len;
    uint32_t granted, refused, lost;
    struct write_page page;
    bool tray_open, writing;
    uint64_t blocks_written, since_power_on_us;
    bool ports;                 /* the second and third nexus come back as who they were */
    uint32_t key[NEXUSES];      /* of persistent reservations; 0: not registered */
    uint8_t key_order[NEXUSES]; /* 1 + nexus, as they registered */
    uint8_t reserved_type;
    int reserved_by; /* NOBODY: nobody, or with types 7 and 8 every registrant */
    uint32_t generation;
    uint32_t tracks_opened, tracks_closed, sessions_closed; /* as the record has to tell */
};

enum ask_kind {
    ASK_TEST_UNIT_READY,
    ASK_REQUEST_SENSE,
    ASK_UNKNOWN, /* an operation code that no drive has */
    ASK_CONFIGURATION,
    ASK_MEDIA_EVENT,
    ASK_LOG,
    ASK_OWNER,
    ASK_LOCK,
    ASK_UNLOCK,
    ASK_PAGE_UNCHANGED,
    ASK_PAGE_WRONG, /* a request, a flag or a reserved byte that there is not */
    ASK_RESERVE,
    ASK_RELEASE,
    ASK_PREVENT,
    ASK_ALLOW,
    ASK_EJECT,
    ASK_LOAD,
    ASK_WRITE_PAGE,
    ASK_WRITE,
    ASK_SYNCHRONIZE,
    ASK_CLOSE_TRACK,
    ASK_CLOSE_SESSION,
    ASK_CLOSE_WRONG, /* a function of other media */
    ASK_RESERVE_TRACK,
    ASK_DISC_INFORMATION,
    ASK_TRACK_INFORMATION,
    ASK_TOC,
    ASK_CAPACITY,
    ASK_READ,    /* READ(10) */
    ASK_READ_CD, /* all of the sector, any type */
    ASK_PERSIST, /* PERSISTENT RESERVE OUT */
    ASK_PERSIST_KEYS,
    ASK_PERSIST_RESERVATION,
    ASK_KINDS
};

/* One command, decoded. */
struct ask {
    enum ask_kind kind;
    unsigned nexus;
    int32_t lba;
    uint32_t blocks;
    uint32_t number;  /* of a track or session; size for RESERVE TRACK; TOC format */
    uint8_t by;       /* RTI: 0 address, 1 track, 2 session; 1 for the 10-byte RESERVE, RELEASE */
    uint8_t flags;    /* of page 39h; for ASK_PAGE_WRONG what is wrong */
    const char *name; /* LOCK */
    struct write_page page;
    uint32_t key, service_key; /* PERSISTENT RESERVE OUT; `by` its action, `number` its type */
    uint32_t tag;              /* WRITE: of the first block, the others follow */
    bool short_data;           /* WRITE: a byte less than announced */
    uint8_t block_type;        /* WRITE: what the host takes its blocks to be */
};

enum { ANSWER_ROOM = 1536, REASONS = 6 };
struct answer {
    uint8_t status;
    uint32_t reason[REASONS]; /* with CHECK CONDITION: any of these */
    unsigned reasons;
    bool blocks; /* data-in is checked against model_block */
    size_t len;
    uint8_t in[ANSWER_ROOM], mask[ANSWER_ROOM];
};

/* One block of the program area, as it can be read. */
enum block_kind { UNREADABLE, AUDIO, MODE_1, FORM_1 };
struct block {
    enum block_kind kind;
    bool empty; /* zeros; otherwise what `tag` makes */
    uint32_t tag;
};

void model_init(struct model *m, int32_t last_lead_out, const char *const initiators[NEXUSES]);
void model_free(struct model *m);
/* Power comes back, every nexus logs in anew. */
void model_power_on(struct model *m);
/* What the drive must answer; the model goes on as the drive must. */
void model_ask(struct model *m, const struct ask *ask, struct answer *answer);
void model_nexus_lost(struct model *m, unsigned nexus); /* and logs in anew */
void model_reset(struct model *m);
void model_rehearsal_over(struct model *m);

/* Who holds the drive: its name or NULL. */
const char *model_owner(const struct model *m);
int model_holder(const struct model *m);
struct block model_block(const struct model *m, int32_t lba);

/* ---- the disc ---- */
bool disc_complete(const struct disc *d);
bool disc_has_invisible(const struct disc *d);
int32_t disc_next_start(const struct disc *d);
uint32_t disc_room_at(const struct disc *d, int32_t lba);  /* before the last possible lead-out */
uint32_t disc_free(const struct disc *d, unsigned number); /* of a track or the invisible one */
/* READ TRACK INFORMATION's number FF: 0 for none. */
unsigned disc_incomplete(const struct disc *d);
/* The session's format, or -1 while nothing decides it. */
int disc_format(const struct disc *d, unsigned session);
void disc_end_track(struct disc *d);
/* What a power cut leaves: one or two states. Returns how many. */
unsigned disc_after_cut(const struct disc *d, struct disc out[2]);

unsigned block_bytes(uint8_t type); /* that the host sends for a block of this type */

#endif

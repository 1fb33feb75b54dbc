/* SPDX-License-Identifier: MIT */
/*
 * The inside of the drive, shared by its command families and nobody else. A command family is one
 * file of handlers; a handler is one row of table.c. The gate (gate.c) has checked the row's policy
 * before a handler runs, so a handler checks its CDB and its data, and only then changes the drive.
 */
#ifndef VCDR_CORE_H
#define VCDR_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vcdr/codes.h>
#include <vcdr/drive.h>
#include <vcdr/subchannel.h>

/* ---- bytes.c: big-endian fields and a bounded writer ---- */

uint16_t get_be16(const uint8_t *p);
uint32_t get_be24(const uint8_t *p);
uint32_t get_be32(const uint8_t *p);
void put_be16(uint8_t *p, uint16_t v);
void put_be32(uint8_t *p, uint32_t v);
void put_be64(uint8_t *p, uint64_t v);

/* Collects a reply of any length into a limited room: what does not fit is counted, not kept, so
 * length fields inside the data always describe the whole (mmc: allocation length truncates). */
struct writer {
    uint8_t *buf;
    size_t room; /* bytes of buf that may be used */
    size_t len;  /* bytes put so far, kept or not */
};
void writer_put(struct writer *w, const void *data, size_t len);
void writer_zero(struct writer *w, size_t len);
void writer_u8(struct writer *w, uint8_t v);
void writer_be16(struct writer *w, uint16_t v);
void writer_be32(struct writer *w, uint32_t v);
/* Overwrites 2 or 4 bytes put earlier, as far as they were kept. */
void writer_patch16(struct writer *w, size_t at, uint16_t v);
void writer_patch32(struct writer *w, size_t at, uint32_t v);

/* ---- the drive ---- */

enum { POWER_ACTIVE, POWER_IDLE, POWER_STANDBY };
enum {
    UNIT_ATTENTIONS = 8,
    INITIATOR_ROOM = 224, /* iSCSI names have at most 223 bytes */
    PORT_ROOM = 16,       /* an ISID has 12 hex digits */
    PERSISTENT_KEY_BYTES = 8,
    OWNER_HISTORY = 15,
    SPEED_FASTEST = 8467,           /* kB/s: 48x */
    PMA_US = 1000000,               /* to change an entry of the program memory area */
    BUFFER_BYTES = 2 * 1024 * 1024, /* page 2Ah and READ BUFFER CAPACITY must agree */
};

/* What belongs to one I_T nexus. nexus.c */
struct nexus {
    struct nexus *next;
    uint64_t id;
    char initiator[INITIATOR_ROOM]; /* its name */
    char port[PORT_ROOM];           /* which of its ports; "": one that ends with the nexus */
    char alias[256];
    bool opened;                         /* nexus-open is in the record */
    uint32_t attention[UNIT_ATTENTIONS]; /* pending unit attentions, next first; 0 ends */
    uint8_t media_event;                 /* GESN media event code that it has not seen, 0 none */
    bool eject_request;                  /* and this one after it */
    bool removal_withheld;               /* see media_removal_withhold */
    uint8_t busy_event;                  /* GESN device busy code likewise */
    uint8_t operational_event;           /* GESN operational change code likewise */
    uint8_t power_event;                 /* GESN power event code likewise */
    bool prevent, persistent_prevent;    /* PREVENT ALLOW, per nexus */
};

/* Exclusive access (page 39h) and SPC-2 reservation. exclusive.c */
struct exclusive {
    struct nexus *page_owner; /* NULL: free */
    char name[EXCLUSIVE_NAME_FIELD];
    uint8_t flags;
    bool medium_changed;    /* written, closed, blanked or changed while held */
    struct nexus *reserver; /* RESERVE, NULL: none */
    char reserver_name[EXCLUSIVE_NAME_FIELD];
    uint32_t granted, refused, lost;
    char history[OWNER_HISTORY][EXCLUSIVE_NAME_FIELD]; /* newest first */
    unsigned history_len;
};

/* Persistent reservations (SPC-3 5.6). Registrations belong to initiator ports and outlive their
 * nexuses. persistent.c */
struct persistent {
    struct registration *registrations;
    unsigned registered;         /* how many */
    uint32_t generation;         /* PRGENERATION */
    uint8_t type;                /* PERSISTENT_*; 0: nothing is reserved */
    struct registration *holder; /* NULL: every registrant, with an all registrants type */
};

/* Current values of the mode pages that can change. mode.c */
struct mode_values {
    uint8_t read_error_recovery[12];
    uint8_t write_parameters[52];
    uint8_t cd_device_parameters[8];
    uint8_t cd_audio_control[16];
    uint8_t power_condition[12];
    uint8_t timeout_and_protect[10];
};

struct at_once; /* at_once.h */

/* What the drive is still at. work.c */
struct work {
    uint64_t ahead_us;          /* how long the command that is being served takes until here */
    uint32_t sense;             /* what it is at, as 02/04/xx */
    uint64_t from_us, until_us; /* 0: nothing */
    struct step *steps;         /* what is told meanwhile, next first */
};

/* How full the buffer is. buffer.c */
struct buffer {
    uint64_t start_us; /* when the pickup begins to write what is in it */
    uint64_t empty_us; /* when that will be written, if nothing comes */
    unsigned block_bytes;
    bool underrun; /* it was empty in mid-track, and nobody has been told */
};

struct vcdr_drive {
    char vendor[9], product[17], revision[5], serial[17];
    struct vcdr_record record;
    bool record_commands;
    enum vcdr_timing timing;
    uint64_t power_on_us;
    struct vcdr_time now; /* of the call being served */

    struct nexus *nexuses;
    struct exclusive exclusive;
    struct persistent persistent;
    struct mode_values mode;

    struct vcdr_disc *disc;  /* NULL: no medium */
    char *disc_name;         /* NULL: unnamed */
    struct at_once *at_once; /* a session at once, announced or begun; NULL: none */
    bool tray_open;
    uint8_t power_state;       /* POWER_* */
    uint8_t write_state;       /* WRITE_STATE_*: what commands have come to */
    uint8_t shown_write_state; /* the same for those who look: it may take time */
    struct work work;
    struct buffer buffer;
    uint64_t blocks_written;      /* since power-on */
    struct nexus *packet_writer;  /* who wrote last, in packets; NULL: nobody, or not so */
    int32_t head_lba;             /* block read or sought last: what READ SUB-CHANNEL tells of */
    uint16_t read_kbs, write_kbs; /* selected speeds, kB/s of 1000 bytes */
};

/* One CDB being executed; nothing of it outlives the call. */
struct command {
    struct vcdr_drive *drive;
    struct nexus *nexus;
    const uint8_t *cdb; /* 16 bytes, zero-padded */
    const uint8_t *out;
    size_t out_len;
    struct writer in;     /* room = the initiator's buffer; a handler narrows it by limit_in() */
    size_t in_limit;      /* the CDB's allocation length, where it has one */
    uint32_t information; /* INFORMATION field of the sense data: a failing LBA; with
                             information_valid */
    bool information_valid;
    bool conflict; /* the handler answers RESERVATION CONFLICT; its return value is ignored */
    bool conflict_persistent; /* and it is a persistent reservation or registration that does */
};

/* A handler returns SENSE_NONE for GOOD or one of the KKAAQQh numbers of vcdr/codes.h. Data-in
 * counts only with GOOD. */
typedef uint32_t command_handler(struct command *c);

/* Applies the CDB's allocation length to the data-in writer. gate.c */
void limit_in(struct command *c, size_t allocation);

enum row_flags {
    ROW_NEEDS_MEDIUM = 1,        /* 02/3A without one */
    ROW_DURING_EXCLUSIVE = 2,    /* allowed while another nexus holds the drive, wholly */
    ROW_EXCLUSIVE_ASK = 4,       /* allowed then for some CDBs: exempt() of the row decides */
    ROW_KEEPS_ATTENTION = 8,     /* executes despite a pending unit attention and leaves it */
    ROW_NOT_WHILE_WRITING = 16,  /* 05/2C/00 unless the write state is idle */
    ROW_MAY_WAIT = 0x1000,       /* may make something durable, which takes the store's time */
    ROW_MAY_WAIT_FIRST = 0x2000, /* ... unless what it writes to is open already */
    ROW_RECORDS = 32,            /* changes the disc: rehearsed only while Test Write is set */
    ROW_WHILE_BUSY = 64,         /* allowed while a long command works: 02/04/xx otherwise */
};
/* What a persistent reservation of another nexus leaves allowed (SPC-3 5.6.1); exempt() widens it.
 */
enum row_reservation_flags {
    ROW_UNDER_WE = 0x100, /* under a write exclusive one */
    ROW_UNDER_EA = 0x200, /* under an exclusive access one */
    ROW_UNDER_ANY = ROW_UNDER_WE | ROW_UNDER_EA
};
enum row_direction { DIRECTION_NONE, DIRECTION_IN, DIRECTION_OUT };

struct row {
    const char *name;
    command_handler *handler;
    uint8_t cdb_length;
    uint8_t direction;
    uint16_t flags;
    bool (*exempt)(const struct command *c); /* with ROW_EXCLUSIVE_ASK */
    uint8_t immed;                           /* the Immed bit in byte 1 of the CDB; 0: none */
};

/* table.c: NULL for an opcode that the drive does not know. */
const struct row *row_of(uint8_t opcode);

/* gate.c: everything between a CDB and its handler, in one order: opcode known, exclusive access
 * and reservation, persistent reservation, unit attention, CDB fields (the CONTROL byte), busy
 * with a long command, medium, write state; then an under-run still to be told, a rehearsal where
 * one is asked for, and the handler; then status, sense, how long it takes, and the record's
 * `command` line. With Immed the answer does not wait for that time. */
void gate_execute(struct vcdr_drive *drive, struct vcdr_command *command);
/* vcdr/target.h: executing it may wait for the disc's store; NULL: a loss or a reset may. */
bool gate_may_wait(const struct vcdr_drive *drive, const struct vcdr_command *command);

/* work.c: what takes time, in drives that were given time (vcdr/drive.h: timing). */
/* The command (or hand) that is being served goes on for so long, the drive not ready with `sense`
 * (02/04/xx); what it says from here on is said when that time has come. */
void work_takes(struct vcdr_drive *drive, uint32_t sense, uint64_t us);
/* So many blocks at the selected write speed. */
uint64_t work_blocks_us(const struct vcdr_drive *drive, uint64_t blocks);
/* It is done when what the drive is at is done. */
void work_waits(struct vcdr_drive *drive);
/* It has been served: how long it takes. */
uint64_t work_begin(struct vcdr_drive *drive);
/* For what says something: false when it is to be said now. */
bool work_later_line(struct vcdr_drive *drive, const char *name, const char *members);
bool work_later_write_state(struct vcdr_drive *drive, uint8_t state, const char *name,
                            const char *members); /* name NULL: no line */
bool work_later_operational(struct vcdr_drive *drive);
bool work_later_medium_ready(struct vcdr_drive *drive);
bool work_busy(const struct vcdr_drive *drive);
bool work_loading(const struct vcdr_drive *drive);      /* busy with a disc that spins up */
uint32_t work_sense(const struct vcdr_drive *drive);    /* SENSE_NONE: not busy */
uint64_t work_rest_us(const struct vcdr_drive *drive);  /* 0: not busy */
uint16_t work_progress(const struct vcdr_drive *drive); /* 0 to 65535 */
uint64_t work_deadline(const struct vcdr_drive *drive);
/* Sets the drive's time; what was due until then has happened, each thing at its time. */
void work_advance(struct vcdr_drive *drive, struct vcdr_time now);
void work_hurry(struct vcdr_drive *drive);  /* all of it happens now: the drive is idle */
void work_forget(struct vcdr_drive *drive); /* none of it ever happens */

/* buffer.c: full or empty, in drives that were given time */
/* A WRITE fits: SENSE_NONE, or 02/04/08. */
uint32_t buffer_check(struct vcdr_drive *drive, uint32_t blocks, unsigned block_bytes);
void buffer_take(struct vcdr_drive *drive, uint32_t blocks, unsigned block_bytes);
uint32_t buffer_bytes(const struct vcdr_drive *drive);   /* held, at most BUFFER_BYTES */
uint64_t buffer_rest_us(const struct vcdr_drive *drive); /* until it is empty */
void buffer_clear(struct vcdr_drive *drive);
/* Selects the write speed. */
void buffer_speed(struct vcdr_drive *drive, uint16_t write_kbs);
uint64_t buffer_deadline(const struct vcdr_drive *drive); /* when an under-run is to be feared */
void buffer_ran_empty(struct vcdr_drive *drive);
/* 03/0C/09 once after an under-run, for the next command that records. */
uint32_t buffer_underrun_take(struct vcdr_drive *drive);

/* sense.c: fixed format sense data (SPC-3 4.5.3), VCDR_SENSE_BYTES of it; `information` may be
 * NULL. */
void sense_put(uint8_t *p, uint32_t sense, const uint32_t *information);

/* drive.c: 02/3A/01 or /02 without a medium that can be used, 02/04/01 while it spins up, else
 * SENSE_NONE. */
uint32_t medium_sense(const struct vcdr_drive *drive);

/* nexus.c */
struct nexus *nexus_find(struct vcdr_drive *drive, uint64_t id);
int nexus_new(struct vcdr_drive *drive, uint64_t id, const char *initiator, const char *port,
              const char *alias);
void nexus_free(struct vcdr_drive *drive, struct nexus *nexus); /* NULL is allowed */
/* PREVENT of any nexus is in force: no command ejects. */
bool medium_removal_prevented(const struct vcdr_drive *drive);
/* A persistent PREVENT of any nexus is. */
bool medium_removal_asked_for(const struct vcdr_drive *drive);
/* Either of them: the button does not open the tray. */
bool button_locked(const struct vcdr_drive *drive);
/* Takes the next unit attention off the queue, SENSE_NONE when there is none. */
uint32_t attention_take(struct nexus *nexus);
/* Queues a unit attention; repeats coalesce, 29 goes before the others. */
void attention_queue(struct nexus *nexus, uint32_t sense);
/* The same for every nexus but `except` (NULL: for all). */
void attention_raise(struct vcdr_drive *drive, const struct nexus *except, uint32_t sense);
/* GESN media events (MMC-6 6.6.2.6) */
enum { MEDIA_EVENT_EJECT_REQUEST = 1, MEDIA_EVENT_NEW = 2, MEDIA_EVENT_REMOVAL = 3 };
/* For all but `except`. */
void media_event_raise(struct vcdr_drive *drive, const struct nexus *except, uint8_t code);

/* exclusive.c */
/* Name of whoever holds the drive (page lock before reservation), NULL when free. */
const char *exclusive_owner(const struct vcdr_drive *drive);
bool exclusive_held_by_other(const struct vcdr_drive *drive, const struct nexus *nexus);
/* The medium was written, closed, blanked or changed by a command: remembered for the unlock. */
void exclusive_medium_changed(struct vcdr_drive *drive);
/* The nexus that holds the drive is lost, or a reset takes the drive away from whoever holds it. */
void exclusive_nexus_lost(struct vcdr_drive *drive, const struct nexus *nexus);
void exclusive_reset(struct vcdr_drive *drive);
/* A command was answered RESERVATION CONFLICT: the record's line, and the count of refused locks.
 */
void exclusive_denied(const struct command *c);

/* persistent.c */
/* Registrations and the reservation end, the record is told nothing: power-off. */
void persistent_free(struct vcdr_drive *drive);
/* A port that ends with its nexus takes its registration with it. */
void persistent_nexus_lost(struct vcdr_drive *drive, const struct nexus *nexus);
/* Another nexus' reservation keeps this command out; `row` has the policy. */
bool persistent_conflicts(const struct command *c, const struct row *row);
/* RESERVE(6/10) beside registrations (SPC-2 5.5.1, SPC-3 5.6.3): false when it is none of theirs;
 * else it is answered, with GOOD or RESERVATION CONFLICT, and nothing was reserved. */
bool persistent_answers_reserve(struct command *c);

/* events.c: lines of the record. JSON strings are escaped there. NULL record: no-ops. */
/* A line whose members are text already. */
void event_emit(const struct vcdr_drive *drive, const char *name, const char *members);
void event_power_on(struct vcdr_drive *drive);
void event_power_off(struct vcdr_drive *drive, bool clean);
void event_nexus(struct vcdr_drive *drive, const char *name, const struct nexus *nexus);
void event_exclusive(struct vcdr_drive *drive, const char *name, const struct nexus *nexus,
                     const char *owner, uint8_t flags, const char *via, const char *cause);
void event_exclusive_denied(struct vcdr_drive *drive, const struct nexus *nexus, const char *wanted,
                            uint8_t opcode);
/* `key` has 8 bytes; `cause` and `type` (0) are left out where they do not apply. */
void event_persistent(struct vcdr_drive *drive, const char *name, const struct nexus *nexus,
                      const char *initiator, const uint8_t *key, uint8_t type, const char *cause);
void event_persistent_denied(struct vcdr_drive *drive, const struct nexus *nexus, uint8_t opcode);
/* Sets drive->write_state and says so (no line when it does not change). */
void write_state_set(struct vcdr_drive *drive, const struct nexus *nexus, uint8_t state,
                     unsigned track, int32_t lba, uint64_t blocks);
void event_track_opened(struct vcdr_drive *drive, const struct vcdr_track *track);
void event_track_closed(struct vcdr_drive *drive, const struct vcdr_track *track);
void event_session_closed(struct vcdr_drive *drive, const struct vcdr_session *session,
                          bool finalized);
/* Written at once and not to its end. */
void event_session_damaged(struct vcdr_drive *drive, const struct vcdr_session *session);
void event_medium(struct vcdr_drive *drive, const char *name, const struct nexus *nexus);
/* `type` is BLANK's. */
void event_medium_blanked(struct vcdr_drive *drive, const struct nexus *nexus, unsigned type);
void event_command(struct vcdr_drive *drive, const struct nexus *nexus, const struct row *row,
                   const struct vcdr_command *command, uint64_t busy_us);

/* There is a disc and it can be used: all are told. */
void medium_became_ready(struct vcdr_drive *drive);

/* The disc is back before somebody was told that it had gone: nothing is said until it is ready (it
 * is new then) or has gone again. A poller that compares the event with TEST UNIT READY,
 * which has 02/04/01 meanwhile, would take it for false. nexus.c */
void media_removal_withhold(struct vcdr_drive *drive);
void media_removal_release(struct vcdr_drive *drive);

/* tray.c: the tray moves (it was closed, it was open) by a command of `nexus`, or by hand (NULL) */
void tray_open(struct vcdr_drive *drive, const struct nexus *nexus);
void tray_close(struct vcdr_drive *drive, const struct nexus *nexus);
/* The disc is being written, or closed, or blanked: the tray stays closed. */
bool tray_held(const struct vcdr_drive *drive);
/* vcdr/target.h: hand */
int tray_hand(struct vcdr_drive *drive, enum vcdr_hand what, struct vcdr_disc *disc,
              const char *name);

/* medium.c */
/* The set of current features has changed: GESN operational change for all. */
void operational_event_raise(struct vcdr_drive *drive);
/* GESN device busy for all. */
void busy_event_raise(struct vcdr_drive *drive);
/* A transfer wakes a drive that was sent to idle or standby. */
void power_wake(struct vcdr_drive *drive);

/* information.c: the track of a session that is not closed which FFh means: the one being written,
 * else the invisible one; VCDR_ENOENT when nothing more can be written. */
int incomplete_track(const struct vcdr_disc *disc, struct vcdr_track *out);
/* read.c: the address behind the last user block, a run-out not counted; 0 on a blank disc. */
int32_t recorded_end(const struct vcdr_disc *disc);
/* A range of blocks as a CDB has it, from `lowest` up, does not go beyond `end`: SENSE_NONE, else
 * 05/21/00 and the first address outside as information. */
uint32_t check_range(struct command *c, int32_t lowest, int32_t end, int32_t lba, uint32_t blocks);
/* The sense of a failed read; `done` good blocks from `lba` on came before the failing one. */
uint32_t read_failed(struct command *c, int error, int32_t lba, uint32_t done);

/* write.c: a disc that this drive can write more on */
bool medium_writable(const struct vcdr_drive *drive);
/* write.c: the track that is open, else the next one that can be written, and the address that can
 * be written next in it; 0 without such a track, -1 without such an address. */
unsigned next_writable(const struct vcdr_drive *drive, int32_t *lba);
/* write.c: ends what a TAO write left open, as SYNCHRONIZE CACHE, CLOSE TRACK and CLOSE SESSION do;
 * GOOD when nothing is open. */
uint32_t write_finish_track(struct command *c, uint8_t state);
/* write.c: how long lead-in and lead-out of that session take */
uint64_t write_session_end_us(const struct vcdr_drive *drive, unsigned session);
/* write.c: the buffer is empty in mid-track; true when that is a loss */
bool write_ran_dry(struct vcdr_drive *drive);

/* packet.c: the write parameters ask for packets, and of what length (0: variable) */
bool packets_wanted(const struct vcdr_drive *drive);
uint32_t packet_size_wanted(const struct vcdr_drive *drive);
/* An open track is one that they go on with. */
bool packets_agree(const struct vcdr_drive *drive, const struct vcdr_track *track);
/* Blocks that a new track with so many free blocks has room for. */
uint32_t packet_room(const struct vcdr_drive *drive, uint32_t free_blocks);
/* Ends and flushes the packet of an open track in packets, which stays open; false when there is
 * no such track, and nothing was done. */
bool packet_flush(struct command *c, uint32_t *sense);
/* A WRITE of single tracks was GOOD. */
void packet_written(struct command *c);
/* Nobody goes on with its packet: it ends. */
void packet_writer_lost(struct vcdr_drive *drive, struct nexus *nexus);
/* The asker is who writes a packet, so what it asks for may end it. */
bool packet_may_end(const struct command *c);

/* write.c: what the disc says no with, as sense */
uint32_t write_failed(int error);

/* at_once.c */
/* A session at once is being written: a block of it, or of its lead-in, has come. */
bool at_once_begun(const struct vcdr_drive *drive);
/* The address that can be written next by session-at-once or raw, as page 05h or the session that
 * has begun has it, and the blocks from there to the end; false where it is track-at-once's. */
bool at_once_next(const struct vcdr_drive *drive, int32_t *lba, uint32_t *room);
/* WRITE by write type 2 and 3; blocks is not 0. */
uint32_t sao_write(struct command *c, int32_t lba, uint32_t blocks);
uint32_t raw_write(struct command *c, int32_t lba, uint32_t blocks);
/* SYNCHRONIZE CACHE, CLOSE SESSION of a session at once that has begun. */
uint32_t at_once_finish(struct command *c);
uint32_t at_once_close_session(struct command *c);
/* The buffer is empty: true when that came too early and the session is left damaged. */
bool at_once_ran_dry(struct vcdr_drive *drive);
/* Nobody sends more of it: a session that has begun is over as when the buffer has run empty. */
void at_once_writer_lost(struct vcdr_drive *drive, const struct nexus *nexus);
/* Bytes that the host sent for the session that has begun. */
uint64_t at_once_bytes(const struct vcdr_drive *drive);
/* A cue sheet is forgotten; a session that has begun is left damaged. */
void at_once_give_up(struct vcdr_drive *drive);
/* Forgets both, and leaves the disc as it is. */
void at_once_free(struct vcdr_drive *drive);

/* drive.c: nobody writes any more, and the write state is idle; an open track stays open */
void write_stopped(struct vcdr_drive *drive, const struct nexus *nexus);

/* rehearsal.c */
/* What the disc tells at present is rehearsed. */
bool rehearsing(const struct vcdr_drive *drive);
/* Before a command that records: begins a rehearsal where Test Write asks for one. */
uint32_t rehearsal_begin(struct vcdr_drive *drive);
/* The disc is what it was before the rehearsal, if there is one. */
void rehearsal_end(struct vcdr_drive *drive, const struct nexus *nexus);

/* sub_channel.c: what READ CD selects of a block's sub-channel (MMC-6, READ CD byte 10) */
enum sub_selection { SUB_NONE = 0, SUB_RAW = 1, SUB_Q = 2, SUB_RW = 4 };
enum { SUB_MASK = 0x07 };
/* 0 for a selection that there is none of. */
size_t sub_channel_bytes(enum sub_selection selection);
/* Of one block, at most 96 bytes; an error of the disc. */
int sub_channel_read(struct vcdr_disc *disc, int32_t lba, uint8_t *out,
                     enum sub_selection selection);
/* Of a block of a track's run-out, which the disc does not have. */
void sub_channel_of_run_out(const struct vcdr_track *track, int32_t lba, uint8_t *out,
                            enum sub_selection selection);

/* mode.c */
void mode_reset(struct vcdr_drive *drive); /* all pages to their defaults */
/* speed.c: write speeds in kB/s, fastest first, for the disc that is in, or for CD-R */
size_t speed_table(const struct vcdr_drive *drive, const uint16_t **speeds);
/* A disc has come in, or a reset: reading and writing at the fastest. */
void speed_reset(struct vcdr_drive *drive);

/* ---- handlers, one line a row of table.c ---- */
command_handler test_unit_ready, request_sense, inquiry, report_luns;       /* identity.c */
command_handler mode_sense_6, mode_sense_10, mode_select_6, mode_select_10; /* mode.c */
command_handler log_sense;                                                  /* log.c */
command_handler reserve, release;                                           /* exclusive.c */
command_handler persistent_reserve_in;                                      /* persistent_in.c */
command_handler persistent_reserve_out;                                     /* persistent_out.c */
command_handler maintenance_in;                                             /* opcodes.c */
command_handler get_configuration;                                          /* configuration.c */
command_handler read_disc_information, read_track_information;              /* information.c */
command_handler read_toc;                                                   /* toc.c */
command_handler write_10, write_12, synchronize_cache, close_track_session; /* write.c */
command_handler repair_track;                                               /* packet.c */
command_handler blank;                                                      /* blank.c */
command_handler reserve_track, send_opc;                                    /* write.c */
command_handler send_cue_sheet;                                             /* at_once.c */
command_handler read_10, read_12, read_capacity, seek_10;                   /* read.c */
command_handler read_sub_channel;                                           /* sub_channel.c */
command_handler read_cd, read_cd_msf;                                       /* read_cd.c */
command_handler set_cd_speed, set_streaming, get_performance, read_buffer_capacity; /* speed.c */
command_handler start_stop_unit, prevent_allow, mechanism_status, get_event_status; /* medium.c */
bool log_sense_exempt(const struct command *c);                                     /* log.c */
bool mode_sense_exempt(const struct command *c);                                    /* mode.c */
bool prevent_allow_exempt(const struct command *c); /* medium.c: prevent 0 */

#endif

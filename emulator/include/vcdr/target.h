/* SPDX-License-Identifier: MIT */
/*
 * A target: something that executes CDBs for several I_T nexuses. The drive is one; a filter is one
 * in front of another; a front end (embedded, tgt) is what calls it. Time comes in with every call.
 * Calls on one target are serialized by the front end; nothing here blocks or has threads.
 */
#ifndef VCDR_TARGET_H
#define VCDR_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vcdr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vcdr_time {
    uint64_t us;     /* monotonic, any origin, never runs back */
    int64_t wall_us; /* microseconds since 1970-01-01T00:00:00Z; only ever shown */
};

#define VCDR_NO_DEADLINE UINT64_MAX
#define VCDR_SENSE_BYTES 18

/* What became of a command. A drive answers; a filter in front of it may say otherwise, and the
 * front end then does what the word says (docs/faults.md). */
enum vcdr_outcome {
    VCDR_ANSWERED,   /* status, data-in and sense are the answer */
    VCDR_DELAYED,    /* they are, but not to be sent before delay_us have passed */
    VCDR_UNANSWERED, /* none ever: the command is in flight until its nexus is lost, a reset or the
                      * initiator's task management ends it */
    VCDR_CUT,        /* none: the connection is to be cut; the caller closes the nexus */
    VCDR_POWERLESS,  /* none, now or later: the power is gone, and with it every nexus. power_off
                      * and power_cut are what may still be called, and free the target */
};

/* One command: the caller fills the upper part, the target the lower. */
struct vcdr_command {
    uint64_t nexus;  /* as given to nexus_open */
    uint8_t cdb[16]; /* zero-padded */
    const void *out; /* data-out, complete; NULL when out_len is 0 */
    size_t out_len;  /* bytes that arrived; may differ from what the CDB announces */
    void *in;        /* room for data-in; contents undefined on entry */
    size_t in_size;  /* bytes of room */

    enum vcdr_outcome outcome;       /* what follows is valid when ANSWERED or DELAYED */
    uint64_t delay_us;               /* with DELAYED: after the time of the call */
    uint8_t status;                  /* SAM status */
    size_t in_len;                   /* bytes of `in` that are valid; 0 unless GOOD */
    size_t in_wanted;                /* what in_len would be with room enough; 0 unless GOOD */
    uint8_t sense[VCDR_SENSE_BYTES]; /* fixed format; valid with CHECK CONDITION */
    size_t sense_len;                /* 0 or VCDR_SENSE_BYTES */
};

/* What people do to a drive with their hands, beside all commands. */
enum vcdr_hand {
    VCDR_HAND_INSERT, /* opens the tray if it is closed, lays `disc` on it, closes it */
    VCDR_HAND_REMOVE, /* opens the tray if it is closed, takes the disc away; it stays open */
    VCDR_HAND_BUTTON, /* presses the eject button: a closed tray opens, an open one closes */
    /* What no hand can do (vcdr_disc_snapshot, vcdr_disc_restore, vcdr_disc_reset): to hosts the last
     * two are a disc that was taken out and another that was laid in its place. */
    VCDR_HAND_SNAPSHOT, /* keeps the state of the disc that is in it */
    VCDR_HAND_RESTORE,  /* back to that; VCDR_ENOENT without one */
    VCDR_HAND_RESET,    /* back to a blank disc, of a CD-R too */
};

struct vcdr_disc;

/* What a person, or a program for one, sees of the drive. */
struct vcdr_look {
    bool tray_open;
    bool has_disc;         /* in it, or on the open tray */
    const char *disc_name; /* NULL: none, or unnamed; valid until the next call on the target */
    bool prevented;        /* PREVENT ALLOW: the button does not open the tray */
    const char *owner;     /* who holds the drive; NULL: nobody; valid like disc_name */
    uint8_t write_state;   /* WRITE_STATE_* of vcdr/codes.h */
    bool busy;             /* a long command works, or the disc spins up */
    uint16_t progress;     /* of it, 0 to 65535; 0 when not busy */
};

struct vcdr_target_ops {
    /* Announces a nexus before its first command. `id` is the front end's, never used again after
     * nexus_close while this target lives. `initiator` is the initiator's name; `port` tells its
     * ports apart (over iSCSI the ISID, 12 hex digits), and a later nexus with the same two is that
     * port come back; NULL for a port that ends with its nexus. `alias` may be NULL. All are copied.
     * VCDR_ENOMEM is the only failure. */
    int (*nexus_open)(void *ctx, uint64_t id, const char *initiator, const char *port,
                      const char *alias, struct vcdr_time now);
    /* The nexus is lost: logout, dropped connection, dead peer. Unknown ids are ignored. */
    void (*nexus_close)(void *ctx, uint64_t id, struct vcdr_time now);
    /* LOGICAL UNIT RESET, asked for by nexus `id` (0 for none). */
    void (*reset)(void *ctx, uint64_t id, struct vcdr_time now);
    /* Executes one command to its end; never fails but by outcome, status and sense. */
    void (*execute)(void *ctx, struct vcdr_command *command, struct vcdr_time now);
    /* Executing this command, now, may wait for the disc's store to make something durable: a front
     * end that serves several drives by one thread has another do it. Looks at the CDB alone. NULL for
     * the command: being told of a nexus lost, or of a reset, may. */
    bool (*may_wait)(void *ctx, const struct vcdr_command *command);
    /*
     * What a hand does. `disc` and `name` (copied; may be NULL) are for INSERT, which takes the disc
     * on success only; REMOVE closes the disc that it takes away. VCDR_ESTATE: INSERT where a disc
     * is already, all but BUTTON where none is; VCDR_ELOCKED: the tray does not open, since its removal is
     * prevented or it is being written (who asks to be told then is told: eject request);
     * VCDR_ENOMEM; VCDR_EIO: REMOVE took the disc away but could not make it durable.
     */
    int (*hand)(void *ctx, enum vcdr_hand what, struct vcdr_disc *disc, const char *name,
                struct vcdr_time now);
    /* VCDR_ESTATE: the power has failed. */
    int (*look)(void *ctx, struct vcdr_look *out, struct vcdr_time now);
    /* When `advance` wants to be called at the latest, VCDR_NO_DEADLINE for never. */
    uint64_t (*next_deadline)(void *ctx);
    void (*advance)(void *ctx, struct vcdr_time now);
    /* Power off, cleanly: makes the disc durable, says so in the record, frees ctx. */
    void (*power_off)(void *ctx, struct vcdr_time now);
    /* The power fails: nothing more is made durable; says so in the record, frees ctx. */
    void (*power_cut)(void *ctx, struct vcdr_time now);
};

struct vcdr_target {
    const struct vcdr_target_ops *ops;
    void *ctx;
};

#ifdef __cplusplus
}
#endif
#endif

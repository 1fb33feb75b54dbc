/* SPDX-License-Identifier: MIT */
/*
 * A target: something that executes CDBs for several I_T nexuses. The drive is one; a filter is one
 * in front of another; a front end (embedded, tgt) is what calls it. Time comes in with every call.
 * Calls on one target are serialized by the front end; nothing here blocks or has threads.
 */
#ifndef VCDR_TARGET_H
#define VCDR_TARGET_H

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

/* One command: the caller fills the upper part, the target the lower. */
struct vcdr_command {
    uint64_t nexus;     /* as given to nexus_open */
    uint8_t cdb[16];    /* zero-padded */
    const void *out;    /* data-out, complete; NULL when out_len is 0 */
    size_t out_len;     /* bytes that arrived; may differ from what the CDB announces */
    void *in;           /* room for data-in; contents undefined on entry */
    size_t in_size;     /* bytes of room */

    uint8_t status;     /* SAM status */
    size_t in_len;      /* bytes of `in` that are valid; 0 unless GOOD */
    uint8_t sense[VCDR_SENSE_BYTES]; /* fixed format; valid with CHECK CONDITION */
    size_t sense_len;   /* 0 or VCDR_SENSE_BYTES */
};

struct vcdr_target_ops {
    /* Announces a nexus before its first command. `id` is the front end's, never used again after
     * nexus_close while this target lives. `initiator` and `alias` (may be NULL) are copied.
     * VCDR_ENOMEM is the only failure. */
    int (*nexus_open)(void *ctx, uint64_t id, const char *initiator, const char *alias,
                      struct vcdr_time now);
    /* The nexus is lost: logout, dropped connection, dead peer. Unknown ids are ignored. */
    void (*nexus_close)(void *ctx, uint64_t id, struct vcdr_time now);
    /* LOGICAL UNIT RESET, asked for by nexus `id` (0 for none). */
    void (*reset)(void *ctx, uint64_t id, struct vcdr_time now);
    /* Executes one command to its end; never fails but by status and sense. */
    void (*execute)(void *ctx, struct vcdr_command *command, struct vcdr_time now);
    /* When `advance` wants to be called at the latest, VCDR_NO_DEADLINE for never. */
    uint64_t (*next_deadline)(void *ctx);
    void (*advance)(void *ctx, struct vcdr_time now);
    /* Power off, cleanly: makes the disc durable, says so in the record, frees ctx. */
    void (*power_off)(void *ctx, struct vcdr_time now);
};

struct vcdr_target {
    const struct vcdr_target_ops *ops;
    void *ctx;
};

#ifdef __cplusplus
}
#endif
#endif

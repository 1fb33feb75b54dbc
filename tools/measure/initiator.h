/* SPDX-License-Identifier: MIT */
/* A plain iSCSI initiator over libiscsi, for the bench and for tests of the daemon: raw CDBs,
 * nothing of the API's. Each is one nexus; nothing reconnects. */
#ifndef VCDR_MEASURE_INITIATOR_H
#define VCDR_MEASURE_INITIATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct initiator;

struct reply {
    int status;     /* SAM status; negative: the transport failed */
    size_t in_len;  /* bytes of data-in that arrived */
    long residual;  /* positive: underflow, negative: overflow */
    uint32_t sense; /* KKAAQQh, 0 without sense */
};

/* NULL on failure; *why (may be NULL) then points to static text. `name` ends the initiator's IQN.
 */
struct initiator *initiator_open(const char *url, const char *name, const char **why);
struct initiator *initiator_open_chap(const char *url, const char *name, const char *user,
                                      const char *secret, const char **why);
void initiator_logout(struct initiator *initiator);  /* and frees */
void initiator_drop(struct initiator *initiator);    /* resets the connection, and frees */
void initiator_hang_up(struct initiator *initiator); /* closes it without a logout, and frees */
/* Its socket, for tests that misbehave. */
int initiator_fd(const struct initiator *initiator);

/* One command to its end. `in_size` and `out_len` are the expected data transfer length. */
struct reply initiator_execute(struct initiator *initiator, unsigned lun, const void *cdb,
                               size_t cdb_len, const void *out, size_t out_len, void *in,
                               size_t in_size);
/* Sends one command that has at most data-in, and does not wait for its answer, which nobody may
 * ask for: what comes later is thrown away with the initiator. */
bool initiator_send(struct initiator *initiator, const void *cdb, size_t cdb_len, size_t in_size);
/* Sends one without data, and an ABORT TASK of it behind; true when that was answered, which tgtd
 * does, with "no such task", once the command has ended. */
bool initiator_send_and_abort(struct initiator *initiator, const void *cdb, size_t cdb_len);
bool initiator_reset_unit(struct initiator *initiator); /* LOGICAL UNIT RESET */
/* So many TEST UNIT READY at once and a LOGICAL UNIT RESET behind them, without waiting in between;
 * true when every one of them has ended. */
bool initiator_flood_and_reset(struct initiator *initiator, unsigned commands);

struct stream {
    unsigned block_bytes; /* of one block of the unit */
    unsigned blocks;      /* a command */
    unsigned commands;
    unsigned depth; /* in flight */
    uint32_t lba;   /* of the first */
};
/* WRITE(10) one after another, `depth` of them in flight; false when any fails. */
bool initiator_write_stream(struct initiator *initiator, const struct stream *stream,
                            const void *data);

#endif

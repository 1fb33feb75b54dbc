/* SPDX-License-Identifier: MIT */
/*
 * One command of a drive: sent, repeated as a class driver repeats (unit attentions, BUSY, "not
 * yet"), and told as an HRESULT. Any thread may call anything here.
 */
#ifndef VCDR_API_IMAPI_COMMAND_H
#define VCDR_API_IMAPI_COMMAND_H

#include "api/imapi/drive.h"

struct drive_command {
    uint8_t cdb[16];
    uint8_t cdb_len;
    const void *out;
    size_t out_len;
    void *in;
    size_t in_size;
    unsigned timeout_ms;       /* 0: the transport's default */
    unsigned patience_ms;      /* repeat while the drive says 02/04/xx, this long; 0: do not */
    unsigned longest_pause_ms; /* between two of those; 0: the usual */

    size_t in_len;  /* bytes received */
    uint32_t sense; /* KKAAQQh of the last attempt, 0 without one */
};
/* A failure's HRESULT is outcome_of_transport's or outcome_of_sense's; RESERVATION CONFLICT is
 * E_IMAPI_RECORDER_LOCKED; a lock that a reset took away is 0x80070006, once. */
HRESULT drive_execute(struct drive *drive, struct drive_command *command);

/* TEST UNIT READY until the drive is ready or says more than "not yet". `tick` (may be NULL) is
 * called before every pause. MEDIA_BUSY or MEDIA_BECOMING_READY when the time is over. */
HRESULT drive_wait_ready(struct drive *drive, unsigned timeout_ms, void (*tick)(void *ctx),
                         void *ctx);

/* What the write engine needs to judge a task of its own. A unit attention or 02/04/xx before
 * which nothing was executed is `again`. */
HRESULT drive_judge(struct drive *drive, const struct transport_task *task, uint32_t *sense,
                    bool *again);

uint64_t drive_clock_ms(void); /* monotonic */
void drive_pause_ms(unsigned ms);

#endif

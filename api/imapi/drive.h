/* SPDX-License-Identifier: MIT */
/*
 * An open drive: one nexus of a recorder. It sends a command, repeats what a class driver repeats
 * (unit attentions, BUSY), and says in an HRESULT what came of it. It knows neither COM objects nor
 * discs. Counted; any thread may call anything here.
 */
#ifndef VCDR_API_IMAPI_DRIVE_H
#define VCDR_API_IMAPI_DRIVE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <imapi2.h>
#include "api/imapi/exclusive.h"
#include "api/mmc/inquiry.h"
#include "api/transport/transport.h"

struct drive {
    atomic_uint refs;
    struct transport *transport;
    BSTR id; /* the URL as it was given */
    struct mmc_inquiry identity;
    bool has_extension; /* feature FF56h: exclusive access by mode page 39h */
    struct exclusive exclusive;
};

/* Opens the drive of that URL and reads who it is; one that another nexus holds opens as well.
 * E_INVALIDARG: not a URL of a kind known here; the others are outcome_of_transport's. */
HRESULT drive_open(BSTR url, struct drive **out);
struct drive *drive_ref(struct drive *drive);
void drive_unref(struct drive *drive); /* the last one unlocks and logs out; NULL is allowed */

struct drive_command {
    uint8_t cdb[16];
    uint8_t cdb_len;
    const void *out;
    size_t out_len;
    void *in;
    size_t in_size;
    unsigned timeout_ms;  /* 0: the transport's default */
    unsigned patience_ms; /* repeat while the drive says 02/04/xx, this long; 0: do not */

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

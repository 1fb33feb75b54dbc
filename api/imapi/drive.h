/* SPDX-License-Identifier: MIT */
/*
 * An open drive: one nexus of a recorder. It knows neither COM objects nor discs. Counted; any
 * thread may call anything here.
 */
#ifndef VCDR_API_IMAPI_DRIVE_H
#define VCDR_API_IMAPI_DRIVE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <imapi2.h>
#include "api/mmc/inquiry.h"
#include "api/transport/transport.h"

#define EXCLUSIVE_NAME_SIZE 64 /* 1 to 63 characters and a NUL */

/* What this nexus knows of its exclusive access: exclusive.h. */
struct exclusive {
    pthread_mutex_t lock; /* of count and name; held over the commands that lock and unlock */
    atomic_uint count;    /* read without the lock as well */
    char name[EXCLUSIVE_NAME_SIZE]; /* of the first Acquire */
    atomic_bool held;               /* the drive granted it and no reset took it away since */
};

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

#endif

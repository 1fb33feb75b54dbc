/* SPDX-License-Identifier: MIT */
/*
 * MsftDiscRecorder2: an IDiscRecorder2 whose unique id is a drive URL. Formats reach the drive
 * behind it through a private interface, which is how they know a recorder of ours from a foreign
 * one.
 */
#ifndef VCDR_API_IMAPI_RECORDER_H
#define VCDR_API_IMAPI_RECORDER_H

#include <imapi2.h>
#include "api/imapi/drive.h"

HRESULT recorder_create(REFIID riid, void **out);

struct recorder_access; /* counted like any interface */

/* NULL for an object that is not ours. Calls the object's QueryInterface: foreign code. */
struct recorder_access *recorder_access(IDiscRecorder2 *recorder);
void recorder_access_release(struct recorder_access *access); /* NULL is allowed */
/* A reference to the drive; E_FAIL before InitializeDiscRecorder. */
HRESULT recorder_access_drive(struct recorder_access *access, struct drive **out);

/*
 * A recorder as a format keeps it: counted apart from the recorder itself, whose AddRef and Release
 * may be foreign code, so that it can be kept alive under a lock.
 */
struct recorder_hold;

/* RECORDER_NOT_SUPPORTED for an object that is not ours is the caller's to say: S_FALSE, *out NULL.
 * E_OUTOFMEMORY. */
HRESULT recorder_hold_create(IDiscRecorder2 *recorder, struct recorder_hold **out);
struct recorder_hold *recorder_hold_ref(struct recorder_hold *hold);       /* NULL gives NULL */
void recorder_hold_unref(struct recorder_hold *hold);                      /* NULL is allowed */
IDiscRecorder2 *recorder_hold_interface(const struct recorder_hold *hold); /* not counted */
HRESULT recorder_hold_drive(struct recorder_hold *hold, struct drive **out);

#endif

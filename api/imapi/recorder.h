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

#endif

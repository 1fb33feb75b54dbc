/* SPDX-License-Identifier: MIT */
/*
 * Exclusive access to a drive: counted for each nexus, locked on the drive from the first Acquire
 * to the last Release (reference: imapi2 sections 2.2 and 7). By mode page 39h where the drive has
 * the extension, so that it knows the owner's name; otherwise by RESERVE, which knows none.
 */
#ifndef VCDR_API_IMAPI_EXCLUSIVE_H
#define VCDR_API_IMAPI_EXCLUSIVE_H

#include "api/imapi/drive.h"

void drive_lock_init(struct drive *drive);
/* Unlocks whatever is still held, and ends `drive->exclusive`. */
void drive_lock_end(struct drive *drive);

/* `name` obeys client_name_valid. Locks at the first call, counts at every further one, whose name
 * is not looked at. E_IMAPI_RECORDER_LOCKED: somebody else holds the drive. */
HRESULT drive_lock_acquire(struct drive *drive, bool force, const char *name);

/* E_FAIL without an Acquire, or E_IMAPI_RECORDER_LOCKED when another nexus holds the drive. Counts
 * down even when unlocking fails; 0x80070006 when the lock had been lost to a reset. */
HRESULT drive_lock_release(struct drive *drive);

/* Who holds the drive: "" for nobody, or for somebody without a name. Never fails because it is
 * held. *by_other may be NULL. */
HRESULT drive_lock_owner(struct drive *drive, char name[EXCLUSIVE_NAME_SIZE], bool *by_other);

/* Whether the drive is ours, as far as is known: a reset may not have been told yet. */
bool drive_lock_held(const struct drive *drive);

#endif

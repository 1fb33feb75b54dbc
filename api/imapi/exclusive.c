/* SPDX-License-Identifier: MIT */
#include "api/imapi/exclusive.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/imapi/command.h"
#include "api/imapi/outcome.h"
#include "api/imapi/query.h"
#include "api/mmc/cdb.h"
#include "api/mmc/exclusive_access.h"

void drive_lock_init(struct drive *drive)
{
    pthread_mutex_init(&drive->exclusive.lock, NULL);
    atomic_init(&drive->exclusive.held, false);
    atomic_init(&drive->exclusive.count, 0);
}

bool drive_lock_held(const struct drive *drive)
{
    return atomic_load(&drive->exclusive.held);
}

static HRESULT lock_page(struct drive *drive, bool force, const char *name)
{
    uint8_t page[EXCLUSIVE_PAGE_LENGTH];
    HRESULT hr;

    if (mmc_exclusive_lock_page(name, force ? EXCLUSIVE_FLAG_IGNORE_VOLUME : 0, page) != MMC_OK) {
        return E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID;
    }
    hr = query_select_page(drive, page, sizeof(page));
    return hr == E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS
               ? E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID
               : hr;
}

static HRESULT unlock_page(struct drive *drive)
{
    uint8_t page[EXCLUSIVE_PAGE_LENGTH];

    mmc_exclusive_unlock_page(0, page);
    return query_select_page(drive, page, sizeof(page));
}

static HRESULT reserve(struct drive *drive)
{
    struct drive_command command = {0};

    command.cdb_len = mmc_cdb_reserve(command.cdb);
    return drive_execute(drive, &command);
}

static HRESULT release(struct drive *drive)
{
    struct drive_command command = {0};

    command.cdb_len = mmc_cdb_release(command.cdb);
    return drive_execute(drive, &command);
}

/* A command that failed may still have locked the drive, or not have unlocked it: nobody here holds
 * that lock, and nobody else could take the drive. True: there was one, and it is gone. */
static bool drop_stray(struct drive *drive)
{
    struct mmc_exclusive_state state;

    return SUCCEEDED(query_exclusive_state(drive, &state)) && state.locked && state.mine &&
           SUCCEEDED(unlock_page(drive));
}

static HRESULT take_page(struct drive *drive, bool force, const char *name)
{
    HRESULT hr = lock_page(drive, force, name);

    if (SUCCEEDED(hr) || hr == E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID) {
        return hr;
    }
    if (drop_stray(drive) && hr == E_IMAPI_RECORDER_LOCKED) {
        hr = lock_page(drive, force, name); /* what was in the way was our own */
    }
    return hr;
}

static HRESULT take_reservation(struct drive *drive)
{
    HRESULT hr = reserve(drive);

    if (FAILED(hr) && hr != E_IMAPI_RECORDER_LOCKED) {
        (void)release(drive);
    }
    return hr;
}

/* Behind a kernel: the host's programs are one nexus, and sort it out among themselves first. A
 * drive with the extension is told as well, for its other hosts; RESERVE would say nothing new. */
static HRESULT take_shared(struct drive *drive, bool force, const char *name)
{
    HRESULT hr;

    transport_unlock(drive->transport); /* ours still, where a reset took only the page */
    hr = outcome_of_transport(transport_lock(drive->transport, force, name));
    if (FAILED(hr) || !drive->has_extension) {
        return hr;
    }
    hr = take_page(drive, force, name);
    if (FAILED(hr)) {
        transport_unlock(drive->transport);
    }
    return hr;
}

static HRESULT take(struct drive *drive, bool force, const char *name)
{
    if (transport_is_shared(drive->transport)) {
        return take_shared(drive, force, name);
    }
    return drive->has_extension ? take_page(drive, force, name) : take_reservation(drive);
}

static HRESULT give_back_page(struct drive *drive)
{
    HRESULT hr = unlock_page(drive);

    if (FAILED(hr)) {
        (void)drop_stray(drive);
    }
    return hr;
}

static HRESULT give_back(struct drive *drive)
{
    bool shared = transport_is_shared(drive->transport);
    HRESULT hr = S_OK;

    /* held until the drive has answered: a reset that it tells of now took the lock away */
    if (!atomic_load(&drive->exclusive.held)) {
        hr = OUTCOME_INVALID_HANDLE;
    } else if (drive->has_extension) {
        hr = give_back_page(drive);
    } else if (!shared) {
        hr = release(drive);
    }
    atomic_store(&drive->exclusive.held, false);
    if (shared) { /* last: whoever waits for it finds the drive free; and after a reset too */
        transport_unlock(drive->transport);
    }
    return hr;
}

HRESULT drive_lock_acquire(struct drive *drive, bool force, const char *name)
{
    struct exclusive *exclusive = &drive->exclusive;
    HRESULT hr = S_OK;

    pthread_mutex_lock(&exclusive->lock);
    if (exclusive->count == 0) {
        strncpy(exclusive->name, name, sizeof(exclusive->name) - 1);
        exclusive->name[sizeof(exclusive->name) - 1] = '\0';
    }
    /* a lock that was lost under an outer Acquire is taken anew under its name */
    if (!atomic_load(&exclusive->held)) {
        hr = take(drive, force, exclusive->name);
        if (SUCCEEDED(hr)) {
            atomic_store(&exclusive->held, true);
        }
    }
    if (SUCCEEDED(hr)) {
        exclusive->count++;
    }
    pthread_mutex_unlock(&exclusive->lock);
    return hr;
}

HRESULT drive_lock_release(struct drive *drive)
{
    struct exclusive *exclusive = &drive->exclusive;
    HRESULT hr = S_OK;

    pthread_mutex_lock(&exclusive->lock);
    if (exclusive->count == 0) {
        char name[EXCLUSIVE_NAME_SIZE];
        bool by_other = false;

        hr = drive_lock_owner(drive, name, &by_other);
        if (SUCCEEDED(hr)) {
            hr = by_other ? E_IMAPI_RECORDER_LOCKED : E_FAIL;
        }
    } else if (--exclusive->count == 0) {
        hr = give_back(drive);
    }
    pthread_mutex_unlock(&exclusive->lock);
    return hr;
}

/* Without the extension a stranger's RESERVE shows as a conflict, but not his name. */
static HRESULT owner_by_reserve(struct drive *drive, char name[EXCLUSIVE_NAME_SIZE], bool *by_other)
{
    struct drive_command command = {0};

    name[0] = '\0';
    if (atomic_load(&drive->exclusive.held)) {
        strcpy(name, drive->exclusive.name);
        return S_OK;
    }
    command.cdb_len = mmc_cdb_test_unit_ready(command.cdb);
    *by_other = drive_execute(drive, &command) == E_IMAPI_RECORDER_LOCKED;
    return S_OK;
}

static HRESULT owner_by_page(struct drive *drive, char name[EXCLUSIVE_NAME_SIZE], bool *by_other)
{
    struct mmc_exclusive_state state;
    HRESULT hr = query_exclusive_state(drive, &state);

    if (SUCCEEDED(hr)) {
        strcpy(name, state.owner);
        *by_other = state.locked && !state.mine;
    }
    return hr;
}

/* A page lock of this host's nexus that none of its programs holds is what a dead one left. Who
 * finds it takes it away, holding the host's lock for so long, lest it be somebody's new one. */
static HRESULT drop_dead_owner(struct drive *drive, char name[EXCLUSIVE_NAME_SIZE])
{
    struct mmc_exclusive_state state;
    HRESULT hr = query_exclusive_state(drive, &state);

    if (SUCCEEDED(hr) && state.locked && state.mine &&
        transport_lock(drive->transport, true, state.owner) == TRANSPORT_OK) {
        if (drop_stray(drive)) {
            name[0] = '\0';
        }
        transport_unlock(drive->transport);
    }
    return hr;
}

static HRESULT owner_of_shared(struct drive *drive, char name[EXCLUSIVE_NAME_SIZE], bool *by_other)
{
    HRESULT hr = S_OK;

    if (transport_lock_owner(drive->transport, name, EXCLUSIVE_NAME_SIZE)) {
        *by_other = !atomic_load(&drive->exclusive.held);
        return S_OK;
    }
    if (drive->has_extension) {
        hr = owner_by_page(drive, name, by_other);
    }
    if (SUCCEEDED(hr) && name[0] != '\0' && !*by_other) {
        hr = drop_dead_owner(drive, name);
    }
    return hr;
}

HRESULT drive_lock_owner(struct drive *drive, char name[EXCLUSIVE_NAME_SIZE], bool *by_other)
{
    bool other = false;
    HRESULT hr;

    if (transport_is_shared(drive->transport)) {
        hr = owner_of_shared(drive, name, &other);
    } else if (drive->has_extension) {
        hr = owner_by_page(drive, name, &other);
    } else {
        hr = owner_by_reserve(drive, name, &other);
    }
    if (SUCCEEDED(hr) && by_other != NULL) {
        *by_other = other;
    }
    return hr;
}

void drive_lock_end(struct drive *drive)
{
    if (atomic_load(&drive->exclusive.held)) {
        (void)give_back(drive);
    }
    pthread_mutex_destroy(&drive->exclusive.lock);
}

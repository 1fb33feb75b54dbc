/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include "api/imapi/recorder.h"

struct recorder_hold {
    atomic_uint refs;
    IDiscRecorder2 *recorder;
    struct recorder_access *access; /* of the same object */
};

HRESULT recorder_hold_create(IDiscRecorder2 *recorder, struct recorder_hold **out)
{
    struct recorder_access *access = recorder_access(recorder);
    struct recorder_hold *hold;

    *out = NULL;
    if (access == NULL) {
        return S_FALSE;
    }
    hold = CoTaskMemAlloc(sizeof(*hold));
    if (hold == NULL) {
        recorder_access_release(access);
        return E_OUTOFMEMORY;
    }
    atomic_init(&hold->refs, 1);
    recorder->lpVtbl->AddRef(recorder);
    hold->recorder = recorder;
    hold->access = access;
    *out = hold;
    return S_OK;
}

struct recorder_hold *recorder_hold_ref(struct recorder_hold *hold)
{
    if (hold != NULL) {
        atomic_fetch_add(&hold->refs, 1);
    }
    return hold;
}

void recorder_hold_unref(struct recorder_hold *hold)
{
    if (hold == NULL || atomic_fetch_sub(&hold->refs, 1) != 1) {
        return;
    }
    recorder_access_release(hold->access);
    hold->recorder->lpVtbl->Release(hold->recorder);
    CoTaskMemFree(hold);
}

IDiscRecorder2 *recorder_hold_interface(const struct recorder_hold *hold)
{
    return hold->recorder;
}

HRESULT recorder_hold_drive(struct recorder_hold *hold, struct drive **out)
{
    return recorder_access_drive(hold->access, out);
}

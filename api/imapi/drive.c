/* SPDX-License-Identifier: MIT */
#include "api/imapi/drive.h"

#include <imapi2_linux.h>
#include <string.h>
#include "api/imapi/command.h"
#include "api/imapi/exclusive.h"
#include "api/imapi/outcome.h"
#include "api/imapi/query.h"
#include "api/mmc/cdb.h"

/* Reads what never changes. A drive without GET CONFIGURATION has no extension either. */
static HRESULT read_identity(struct drive *drive)
{
    HRESULT hr = query_inquiry(drive, &drive->identity);

    if (FAILED(hr)) {
        return hr;
    }
    if (drive->identity.qualifier != 0 || drive->identity.device_type != MMC_DEVICE_TYPE_CD) {
        return OUTCOME_DEVICE_NOT_EXIST;
    }
    return query_extension(drive, &drive->has_extension);
}

/* Power-on attentions are taken now, so that none meets a WRITE. Held by another: they wait. */
static void clear_attentions(struct drive *drive)
{
    struct drive_command command = {0};

    command.cdb_len = mmc_cdb_test_unit_ready(command.cdb);
    (void)drive_execute(drive, &command);
}

static HRESULT connect(struct drive *drive)
{
    char *url;
    HRESULT hr = imapi2_utf8_from_bstr(drive->id, &url);

    if (SUCCEEDED(hr)) {
        hr = outcome_of_transport(transport_open(url, NULL, &drive->transport, NULL));
        CoTaskMemFree(url);
    }
    return FAILED(hr) ? hr : read_identity(drive);
}

HRESULT drive_open(BSTR url, struct drive **out)
{
    struct drive *drive = CoTaskMemAlloc(sizeof(*drive));
    HRESULT hr;

    if (drive == NULL) {
        return E_OUTOFMEMORY;
    }
    memset(drive, 0, sizeof(*drive));
    atomic_init(&drive->refs, 1);
    drive_lock_init(drive);
    drive->id = SysAllocStringByteLen((const char *)url, SysStringByteLen(url));
    hr = drive->id == NULL ? E_OUTOFMEMORY : connect(drive);
    if (FAILED(hr)) {
        drive_unref(drive);
        return hr;
    }
    clear_attentions(drive);
    *out = drive;
    return S_OK;
}

struct drive *drive_ref(struct drive *drive)
{
    atomic_fetch_add(&drive->refs, 1);
    return drive;
}

void drive_unref(struct drive *drive)
{
    if (drive == NULL || atomic_fetch_sub(&drive->refs, 1) != 1) {
        return;
    }
    drive_lock_end(drive);
    transport_close(drive->transport);
    SysFreeString(drive->id);
    CoTaskMemFree(drive);
}

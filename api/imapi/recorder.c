/* SPDX-License-Identifier: MIT */
#include "api/imapi/command.h"
#include "api/imapi/exclusive.h"
#include "api/imapi/recorder.h"

#include <imapi2error.h>
#include <pthread.h>
#include <string.h>
#include <vcdr/codes.h>
#include "api/com/dispatch.h"
#include "api/com/dispatch_tables.h"
#include "api/com/object.h"
#include "api/imapi/arrays.h"
#include "api/imapi/client_name.h"
#include "api/imapi/lists.h"
#include "api/imapi/query.h"

#define TRAY_MS 60000

struct recorder {
    struct com_object com;
    struct com_face recorder; /* IDiscRecorder2 */
    struct com_face access;   /* struct recorder_access */

    /* Guards what follows; held for a few assignments, never over a command or foreign code. */
    pthread_mutex_t lock;
    struct drive *drive; /* NULL before InitializeDiscRecorder */
    LONG mcn_disabled;   /* DisableMcn less EnableMcn */
};

/* 5C1C9D1E-3C0A-4C7E-9E3B-6F2B8D4A7701, ours alone */
static const GUID iid_access = {
    0x5C1C9D1E, 0x3C0A, 0x4C7E, {0x9E, 0x3B, 0x6F, 0x2B, 0x8D, 0x4A, 0x77, 0x01}};

/* A reference to the drive; E_FAIL before InitializeDiscRecorder (section 8, point 52). */
static HRESULT drive_of(struct recorder *recorder, struct drive **out)
{
    HRESULT hr = E_FAIL;

    pthread_mutex_lock(&recorder->lock);
    if (recorder->drive != NULL) {
        *out = drive_ref(recorder->drive);
        hr = S_OK;
    }
    pthread_mutex_unlock(&recorder->lock);
    return hr;
}

/* ---- the tray */

static HRESULT move_tray(IDiscRecorder2 *This, enum mmc_start_stop action)
{
    struct drive_command command = {.timeout_ms = TRAY_MS};
    struct drive *drive;
    HRESULT hr = drive_of(com_self(This), &drive);

    if (SUCCEEDED(hr)) {
        command.cdb_len = mmc_cdb_start_stop(command.cdb, action, false);
        hr = drive_execute(drive, &command);
        drive_unref(drive);
    }
    return hr;
}

static HRESULT recorder_EjectMedia(IDiscRecorder2 *This)
{
    return move_tray(This, MMC_EJECT);
}

static HRESULT recorder_CloseTray(IDiscRecorder2 *This)
{
    return move_tray(This, MMC_LOAD);
}

/* ---- exclusive access */

static HRESULT recorder_AcquireExclusiveAccess(IDiscRecorder2 *This, VARIANT_BOOL force,
                                               BSTR client_name)
{
    char name[CLIENT_NAME_SIZE];
    struct drive *drive;
    HRESULT hr = drive_of(com_self(This), &drive);

    if (FAILED(hr)) {
        return hr;
    }
    if (client_name_valid(client_name)) {
        client_name_narrow(client_name, name);
        hr = drive_lock_acquire(drive, force != VARIANT_FALSE, name);
    } else {
        hr = E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID;
    }
    drive_unref(drive);
    return hr;
}

static HRESULT recorder_ReleaseExclusiveAccess(IDiscRecorder2 *This)
{
    struct drive *drive;
    HRESULT hr = drive_of(com_self(This), &drive);

    if (SUCCEEDED(hr)) {
        hr = drive_lock_release(drive);
        drive_unref(drive);
    }
    return hr;
}

static HRESULT recorder_get_ExclusiveAccessOwner(IDiscRecorder2 *This, BSTR *value)
{
    char name[EXCLUSIVE_NAME_SIZE];
    struct drive *drive;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    hr = drive_of(com_self(This), &drive);
    if (FAILED(hr)) {
        return hr;
    }
    hr = drive_lock_owner(drive, name, NULL);
    drive_unref(drive);
    if (SUCCEEDED(hr)) {
        *value = client_name_widen(name);
        hr = *value == NULL ? E_OUTOFMEMORY : S_OK;
    }
    return hr;
}

/* ---- media change notification. Nothing of ours polls a drive, so the count is all there is to
 * it; as on Windows it is not for those whom exclusive access keeps out. */

static HRESULT count_mcn(IDiscRecorder2 *This, LONG step)
{
    struct recorder *recorder = com_self(This);
    char name[EXCLUSIVE_NAME_SIZE];
    bool by_other = false;
    struct drive *drive;
    HRESULT hr = drive_of(recorder, &drive);

    if (FAILED(hr)) {
        return hr;
    }
    hr = drive_lock_owner(drive, name, &by_other);
    drive_unref(drive);
    if (FAILED(hr) || by_other) {
        return FAILED(hr) ? hr : E_IMAPI_RECORDER_LOCKED;
    }
    pthread_mutex_lock(&recorder->lock);
    if (recorder->mcn_disabled + step < 0 || (step > 0 && recorder->mcn_disabled == INT32_MAX)) {
        hr = E_FAIL;
    } else {
        recorder->mcn_disabled += step;
    }
    pthread_mutex_unlock(&recorder->lock);
    return hr;
}

static HRESULT recorder_DisableMcn(IDiscRecorder2 *This)
{
    return count_mcn(This, 1);
}

static HRESULT recorder_EnableMcn(IDiscRecorder2 *This)
{
    return count_mcn(This, -1);
}

/* ---- which drive */

/* Whoever holds the drive through this object keeps it (section 8, point 51). */
static bool is_held(const struct recorder *recorder)
{
    return recorder->drive != NULL && atomic_load(&recorder->drive->exclusive.count) > 0;
}

static HRESULT check_replaceable(struct recorder *recorder)
{
    HRESULT hr;

    pthread_mutex_lock(&recorder->lock);
    hr = is_held(recorder) ? E_FAIL : S_OK;
    pthread_mutex_unlock(&recorder->lock);
    return hr;
}

/* On failure the drive that was there before stays. */
static HRESULT recorder_InitializeDiscRecorder(IDiscRecorder2 *This, BSTR id)
{
    struct recorder *recorder = com_self(This);
    struct drive *drive, *other;
    HRESULT hr = check_replaceable(recorder);

    if (SUCCEEDED(hr)) {
        hr = SysStringByteLen(id) == 0 ? E_INVALIDARG : drive_open(id, &drive);
    }
    if (FAILED(hr)) {
        return hr;
    }
    other = drive;
    pthread_mutex_lock(&recorder->lock);
    if (is_held(recorder)) {
        hr = E_FAIL; /* another thread acquired it meanwhile */
    } else {
        other = recorder->drive;
        recorder->drive = drive;
        recorder->mcn_disabled = 0;
    }
    pthread_mutex_unlock(&recorder->lock);
    drive_unref(other);
    return hr;
}

/* ---- who it is: INQUIRY, read when it was opened */

/* A string that the drive is known by, made anew for the client. `refusal` is what its page says of
 * a NULL value. */
static HRESULT get_text(IDiscRecorder2 *This, BSTR (*text)(const struct drive *), HRESULT refusal,
                        BSTR *value)
{
    struct drive *drive;
    HRESULT hr;

    if (value == NULL) {
        return refusal;
    }
    *value = NULL;
    hr = drive_of(com_self(This), &drive);
    if (SUCCEEDED(hr)) {
        *value = text(drive);
        hr = *value == NULL ? E_OUTOFMEMORY : S_OK;
        drive_unref(drive);
    }
    return hr;
}

static BSTR vendor(const struct drive *drive)
{
    return client_name_widen(drive->identity.vendor);
}

static BSTR product(const struct drive *drive)
{
    return client_name_widen(drive->identity.product);
}

static BSTR revision(const struct drive *drive)
{
    return client_name_widen(drive->identity.revision);
}

static HRESULT recorder_get_VendorId(IDiscRecorder2 *This, BSTR *value)
{
    return get_text(This, vendor, E_POINTER, value);
}

static HRESULT recorder_get_ProductId(IDiscRecorder2 *This, BSTR *value)
{
    return get_text(This, product, E_POINTER, value);
}

static HRESULT recorder_get_ProductRevision(IDiscRecorder2 *This, BSTR *value)
{
    return get_text(This, revision, E_POINTER, value);
}

/* ---- where it is */

/* The URL without the account: a name that may be shown. */
static BSTR volume_name(const struct drive *drive)
{
    BSTR id = drive->id;
    UINT count = SysStringLen(id), scheme = 0, host;
    BSTR name;

    while (scheme + 2 < count &&
           !(id[scheme] == ':' && id[scheme + 1] == '/' && id[scheme + 2] == '/')) {
        scheme++;
    }
    if (scheme + 2 >= count) {
        return SysAllocStringLen(id, count);
    }
    scheme += 3;
    host = scheme;
    for (UINT i = scheme; i < count; i++) { /* to the last one: a secret may hold @ and / */
        if (id[i] == '@') {
            host = i + 1;
        }
    }
    name = SysAllocStringLen(NULL, scheme + count - host);
    if (name != NULL) {
        memcpy(name, id, scheme * sizeof(*id));
        memcpy(name + scheme, id + host, (count - host) * sizeof(*id));
    }
    return name;
}

static HRESULT recorder_get_VolumeName(IDiscRecorder2 *This, BSTR *value)
{
    return get_text(This, volume_name, E_POINTER, value);
}

static BSTR unique_id(const struct drive *drive)
{
    return SysAllocStringLen(drive->id, SysStringLen(drive->id));
}

/* Its page lists no E_POINTER. */
static HRESULT recorder_get_ActiveDiscRecorder(IDiscRecorder2 *This, BSTR *value)
{
    return get_text(This, unique_id, E_INVALIDARG, value);
}

/* No file system of the host lies on a drive that is reached by iSCSI or embedded. */
static HRESULT recorder_get_VolumePathNames(IDiscRecorder2 *This, SAFEARRAY **value)
{
    struct drive *drive;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    hr = drive_of(com_self(This), &drive);
    if (SUCCEEDED(hr)) {
        drive_unref(drive);
        hr = array_of_longs(NULL, 0, VT_I4, value);
    }
    return hr;
}

/* The decimal number at the end of the id, a LUN or the n of /dev/srN; 0 without one. */
static LONG device_number(BSTR id)
{
    UINT end = SysStringLen(id), start = end;
    LONG number = 0;

    while (start > 0 && end - start < 9 && id[start - 1] >= '0' && id[start - 1] <= '9') {
        start--;
    }
    for (UINT i = start; i < end; i++) {
        number = number * 10 + (id[i] - '0');
    }
    return number;
}

static HRESULT recorder_get_LegacyDeviceNumber(IDiscRecorder2 *This, LONG *value)
{
    struct drive *drive;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = 0;
    hr = drive_of(com_self(This), &drive);
    if (SUCCEEDED(hr)) {
        *value = device_number(drive->id);
        drive_unref(drive);
    }
    return hr;
}

/* ---- what it can */

typedef HRESULT (*list_fn)(struct drive *drive, bool current, SAFEARRAY **value);

static HRESULT get_list(IDiscRecorder2 *This, list_fn list, bool current, SAFEARRAY **value)
{
    struct drive *drive;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    hr = drive_of(com_self(This), &drive);
    if (SUCCEEDED(hr)) {
        hr = list(drive, current, value);
        drive_unref(drive);
    }
    return hr;
}

static HRESULT recorder_get_SupportedFeaturePages(IDiscRecorder2 *This, SAFEARRAY **value)
{
    return get_list(This, list_features, false, value);
}

static HRESULT recorder_get_CurrentFeaturePages(IDiscRecorder2 *This, SAFEARRAY **value)
{
    return get_list(This, list_features, true, value);
}

static HRESULT recorder_get_SupportedProfiles(IDiscRecorder2 *This, SAFEARRAY **value)
{
    return get_list(This, list_profiles, false, value);
}

static HRESULT recorder_get_CurrentProfiles(IDiscRecorder2 *This, SAFEARRAY **value)
{
    return get_list(This, list_profiles, true, value);
}

static HRESULT recorder_get_SupportedModePages(IDiscRecorder2 *This, SAFEARRAY **value)
{
    return get_list(This, list_mode_pages, false, value);
}

static HRESULT recorder_get_DeviceCanLoadMedia(IDiscRecorder2 *This, VARIANT_BOOL *value)
{
    struct drive *drive;
    bool can;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = VARIANT_FALSE;
    hr = drive_of(com_self(This), &drive);
    if (FAILED(hr)) {
        return hr;
    }
    hr = query_can_load(drive, &can);
    drive_unref(drive);
    if (SUCCEEDED(hr)) {
        *value = can ? VARIANT_TRUE : VARIANT_FALSE;
    }
    return hr;
}

/* ---- the object */

struct recorder_access {
    struct com_face face;
};
struct recorder_access_vtbl {
    HRESULT (*QueryInterface)(void *This, REFIID riid, void **out);
    ULONG (*AddRef)(void *This);
    ULONG (*Release)(void *This);
};
static const struct recorder_access_vtbl access_vtbl = {com_query_interface, com_add_ref,
                                                        com_release};

struct recorder_access *recorder_access(IDiscRecorder2 *recorder)
{
    struct recorder_access *access = NULL;

    if (FAILED(recorder->lpVtbl->QueryInterface(recorder, &iid_access, (void **)&access))) {
        return NULL;
    }
    return access;
}

void recorder_access_release(struct recorder_access *access)
{
    if (access != NULL) {
        com_release(access);
    }
}

HRESULT recorder_access_drive(struct recorder_access *access, struct drive **out)
{
    return drive_of(com_self(access), out);
}

COM_DISPATCH_METHODS(IDiscRecorder2, recorder, dispatch_IDiscRecorder2)

static const IDiscRecorder2Vtbl recorder_vtbl = {
    COM_DISPATCH_SLOTS(recorder),
    .EjectMedia = recorder_EjectMedia,
    .CloseTray = recorder_CloseTray,
    .AcquireExclusiveAccess = recorder_AcquireExclusiveAccess,
    .ReleaseExclusiveAccess = recorder_ReleaseExclusiveAccess,
    .DisableMcn = recorder_DisableMcn,
    .EnableMcn = recorder_EnableMcn,
    .InitializeDiscRecorder = recorder_InitializeDiscRecorder,
    .get_ActiveDiscRecorder = recorder_get_ActiveDiscRecorder,
    .get_VendorId = recorder_get_VendorId,
    .get_ProductId = recorder_get_ProductId,
    .get_ProductRevision = recorder_get_ProductRevision,
    .get_VolumeName = recorder_get_VolumeName,
    .get_VolumePathNames = recorder_get_VolumePathNames,
    .get_DeviceCanLoadMedia = recorder_get_DeviceCanLoadMedia,
    .get_LegacyDeviceNumber = recorder_get_LegacyDeviceNumber,
    .get_SupportedFeaturePages = recorder_get_SupportedFeaturePages,
    .get_CurrentFeaturePages = recorder_get_CurrentFeaturePages,
    .get_SupportedProfiles = recorder_get_SupportedProfiles,
    .get_CurrentProfiles = recorder_get_CurrentProfiles,
    .get_SupportedModePages = recorder_get_SupportedModePages,
    .get_ExclusiveAccessOwner = recorder_get_ExclusiveAccessOwner,
};

static void recorder_destroy(void *object)
{
    struct recorder *recorder = object;

    drive_unref(recorder->drive);
    pthread_mutex_destroy(&recorder->lock);
    com_delete(recorder);
}

static const struct com_interface recorder_interfaces[] = {
    {&IID_IDiscRecorder2, offsetof(struct recorder, recorder)},
    {&IID_IDispatch, offsetof(struct recorder, recorder)},
    {&iid_access, offsetof(struct recorder, access)},
};
static const struct com_class recorder_class = {
    recorder_interfaces, sizeof(recorder_interfaces) / sizeof(recorder_interfaces[0]),
    recorder_destroy};

HRESULT recorder_create(REFIID riid, void **out)
{
    struct recorder *recorder = com_new(sizeof(*recorder), &recorder_class);
    HRESULT hr;

    if (recorder == NULL) {
        return E_OUTOFMEMORY;
    }
    pthread_mutex_init(&recorder->lock, NULL);
    com_face_init(&recorder->recorder, &recorder_vtbl, &recorder->com);
    com_face_init(&recorder->access, &access_vtbl, &recorder->com);
    hr = com_query_interface(&recorder->recorder, riid, out);
    com_release(&recorder->recorder);
    return hr;
}

/* SPDX-License-Identifier: MIT */
/* IDiscFormat2TrackAtOnce and IBurnVerification: the vtables, the properties, the session's calls.
 */
#include "api/imapi/tao.h"

#include <string.h>
#include "api/com/dispatch.h"
#include "api/com/dispatch_tables.h"
#include "api/imapi/client_name.h"

/* ---- the session */

static HRESULT tao_PrepareMedia(IDiscFormat2TrackAtOnce *This)
{
    return tao_prepare(com_self(This));
}

static HRESULT tao_AddAudioTrack(IDiscFormat2TrackAtOnce *This, IStream *data)
{
    return tao_add_track(com_self(This), data);
}

static HRESULT tao_ReleaseMedia(IDiscFormat2TrackAtOnce *This)
{
    return tao_release(com_self(This));
}

static HRESULT tao_CancelAddTrack(IDiscFormat2TrackAtOnce *This)
{
    struct tao *tao = com_self(This);
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_CANCEL_ADD_TRACK);
    if (SUCCEEDED(hr)) {
        tao->cancel = true;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

/* ---- Recorder */

static HRESULT hold_if_supported(IDiscRecorder2 *recorder, struct recorder_hold **hold)
{
    struct drive *drive;
    bool supported = false;
    HRESULT hr = recorder_hold_create(recorder, hold);

    if (FAILED(hr)) {
        return hr;
    }
    if (*hold == NULL || FAILED(recorder_hold_drive(*hold, &drive))) {
        return E_IMAPI_DF2TAO_RECORDER_NOT_SUPPORTED; /* foreign, or not initialised */
    }
    hr = tao_recorder_supported(drive, &supported);
    drive_unref(drive);
    return FAILED(hr) || supported ? hr : E_IMAPI_DF2TAO_RECORDER_NOT_SUPPORTED;
}

/* Foreign code and commands to the drive lie between the two looks at the state. */
static HRESULT tao_put_Recorder(IDiscFormat2TrackAtOnce *This, IDiscRecorder2 *value)
{
    struct tao *tao = com_self(This);
    struct recorder_hold *hold = NULL;
    HRESULT hr = tao_check(tao, TAO_PUT_RECORDER);

    if (SUCCEEDED(hr) && value != NULL) {
        hr = hold_if_supported(value, &hold);
    }
    if (SUCCEEDED(hr)) {
        pthread_mutex_lock(&tao->lock);
        hr = tao_allows(tao, TAO_PUT_RECORDER);
        if (SUCCEEDED(hr)) {
            struct recorder_hold *old = tao->recorder;

            tao->recorder = hold;
            hold = old;
        }
        pthread_mutex_unlock(&tao->lock);
    }
    recorder_hold_unref(hold);
    return hr;
}

static HRESULT tao_get_Recorder(IDiscFormat2TrackAtOnce *This, IDiscRecorder2 **value)
{
    struct tao *tao = com_self(This);
    struct recorder_hold *hold;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    pthread_mutex_lock(&tao->lock);
    hold = recorder_hold_ref(tao->recorder);
    pthread_mutex_unlock(&tao->lock);
    if (hold != NULL) {
        *value = recorder_hold_interface(hold);
        (*value)->lpVtbl->AddRef(*value);
        recorder_hold_unref(hold);
    }
    return S_OK;
}

/* ---- ClientName */

/* State, then argument, then allocation (section 8, point 9); memory comes without the lock. */
static HRESULT tao_put_ClientName(IDiscFormat2TrackAtOnce *This, BSTR value)
{
    struct tao *tao = com_self(This);
    BSTR name;
    HRESULT hr = tao_check(tao, TAO_PUT_CLIENT_NAME);

    if (FAILED(hr)) {
        return hr;
    }
    if (!client_name_valid(value)) {
        return E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID;
    }
    name = SysAllocStringLen(value, SysStringLen(value));
    if (name == NULL) {
        return E_OUTOFMEMORY;
    }
    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_PUT_CLIENT_NAME);
    if (SUCCEEDED(hr)) {
        BSTR old = tao->client_name;

        tao->client_name = name;
        name = old;
    }
    pthread_mutex_unlock(&tao->lock);
    SysFreeString(name);
    return hr;
}

static HRESULT tao_get_ClientName(IDiscFormat2TrackAtOnce *This, BSTR *value)
{
    struct tao *tao = com_self(This);
    char name[CLIENT_NAME_SIZE];

    if (value == NULL) {
        return E_POINTER;
    }
    pthread_mutex_lock(&tao->lock);
    client_name_narrow(tao->client_name, name);
    pthread_mutex_unlock(&tao->lock);
    *value = client_name_widen(name);
    return *value == NULL ? E_OUTOFMEMORY : S_OK;
}

/* ---- the switches: any VARIANT_BOOL but FALSE counts as TRUE */

static HRESULT put_switch(struct tao *tao, enum tao_call call, VARIANT_BOOL *member,
                          VARIANT_BOOL value)
{
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, call);
    if (SUCCEEDED(hr)) {
        *member = value == VARIANT_FALSE ? VARIANT_FALSE : VARIANT_TRUE;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

static HRESULT get_switch(struct tao *tao, const VARIANT_BOOL *member, VARIANT_BOOL *value)
{
    if (value == NULL) {
        return E_POINTER;
    }
    pthread_mutex_lock(&tao->lock);
    *value = *member;
    pthread_mutex_unlock(&tao->lock);
    return S_OK;
}

static HRESULT tao_put_BufferUnderrunFreeDisabled(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL value)
{
    struct tao *tao = com_self(This);

    return put_switch(tao, TAO_PUT_UNDERRUN_FREE_DISABLED, &tao->underrun_free_disabled, value);
}

static HRESULT tao_get_BufferUnderrunFreeDisabled(IDiscFormat2TrackAtOnce *This,
                                                  VARIANT_BOOL *value)
{
    struct tao *tao = com_self(This);

    return get_switch(tao, &tao->underrun_free_disabled, value);
}

static HRESULT tao_put_DoNotFinalizeMedia(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL value)
{
    struct tao *tao = com_self(This);

    return put_switch(tao, TAO_PUT_DO_NOT_FINALIZE, &tao->do_not_finalize, value);
}

static HRESULT tao_get_DoNotFinalizeMedia(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value)
{
    struct tao *tao = com_self(This);

    return get_switch(tao, &tao->do_not_finalize, value);
}

COM_DISPATCH_METHODS(IDiscFormat2TrackAtOnce, tao, dispatch_IDiscFormat2TrackAtOnce)

const IDiscFormat2TrackAtOnceVtbl tao_format_vtbl = {
    COM_DISPATCH_SLOTS(tao),
    .IsRecorderSupported = tao_is_recorder_supported,
    .IsCurrentMediaSupported = tao_is_media_supported,
    .get_MediaPhysicallyBlank = tao_get_physically_blank,
    /* a CD that track at once can use has no file system and no zeros: it is blank or it is not */
    .get_MediaHeuristicallyBlank = tao_get_physically_blank,
    .get_SupportedMediaTypes = tao_get_supported_types,
    .PrepareMedia = tao_PrepareMedia,
    .AddAudioTrack = tao_AddAudioTrack,
    .CancelAddTrack = tao_CancelAddTrack,
    .ReleaseMedia = tao_ReleaseMedia,
    .SetWriteSpeed = tao_set_write_speed,
    .put_Recorder = tao_put_Recorder,
    .get_Recorder = tao_get_Recorder,
    .put_BufferUnderrunFreeDisabled = tao_put_BufferUnderrunFreeDisabled,
    .get_BufferUnderrunFreeDisabled = tao_get_BufferUnderrunFreeDisabled,
    .get_NumberOfExistingTracks = tao_get_existing_tracks,
    .get_TotalSectorsOnMedia = tao_get_total_sectors,
    .get_FreeSectorsOnMedia = tao_get_free_sectors,
    .get_UsedSectorsOnMedia = tao_get_used_sectors,
    .put_DoNotFinalizeMedia = tao_put_DoNotFinalizeMedia,
    .get_DoNotFinalizeMedia = tao_get_DoNotFinalizeMedia,
    .get_ExpectedTableOfContents = tao_get_expected_toc,
    .get_CurrentPhysicalMediaType = tao_get_media_type,
    .put_ClientName = tao_put_ClientName,
    .get_ClientName = tao_get_ClientName,
    .get_RequestedWriteSpeed = tao_get_requested_speed,
    .get_RequestedRotationTypeIsPureCAV = tao_get_requested_cav,
    .get_CurrentWriteSpeed = tao_get_current_speed,
    .get_CurrentRotationTypeIsPureCAV = tao_get_current_cav,
    .get_SupportedWriteSpeeds = tao_get_speeds,
    .get_SupportedWriteSpeedDescriptors = tao_get_speed_descriptors,
};

/* ---- IBurnVerification */

static HRESULT verification_put_BurnVerificationLevel(IBurnVerification *This,
                                                      IMAPI_BURN_VERIFICATION_LEVEL value)
{
    struct tao *tao = com_self(This);
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_PUT_VERIFICATION_LEVEL);
    if (SUCCEEDED(hr) && value == IMAPI_BURN_VERIFICATION_FULL) {
        hr = E_NOTIMPL; /* "not supported" for track at once */
    } else if (SUCCEEDED(hr) && value != IMAPI_BURN_VERIFICATION_NONE &&
               value != IMAPI_BURN_VERIFICATION_QUICK) {
        hr = E_INVALIDARG;
    }
    if (SUCCEEDED(hr)) {
        tao->level = value;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

static HRESULT verification_get_BurnVerificationLevel(IBurnVerification *This,
                                                      IMAPI_BURN_VERIFICATION_LEVEL *value)
{
    struct tao *tao = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    pthread_mutex_lock(&tao->lock);
    *value = tao->level;
    pthread_mutex_unlock(&tao->lock);
    return S_OK;
}

COM_UNKNOWN_METHODS(IBurnVerification, verification)

const IBurnVerificationVtbl tao_verification_vtbl = {
    COM_UNKNOWN_SLOTS(verification),
    .put_BurnVerificationLevel = verification_put_BurnVerificationLevel,
    .get_BurnVerificationLevel = verification_get_BurnVerificationLevel,
};

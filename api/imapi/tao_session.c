/* SPDX-License-Identifier: MIT */
/* PrepareMedia and ReleaseMedia. */
#include "api/imapi/command.h"
#include "api/imapi/exclusive.h"
#include "api/imapi/tao.h"

#include <string.h>
#include "api/imapi/client_name.h"
#include "api/imapi/query.h"

#define BECOMING_READY_MS 30000
/* The longest that burners wait for a lead-in and a lead-out (reference: mmc-cdr 1.3). */
#define CLOSE_MS 3600000
#define CLOSE_WITHOUT_IMMEDIATE_MS 480000

static HRESULT check_medium(struct drive *drive)
{
    IMAPI_MEDIA_PHYSICAL_TYPE type;
    bool supported, blank;
    HRESULT hr = drive_wait_ready(drive, BECOMING_READY_MS, NULL, NULL);

    if (SUCCEEDED(hr)) {
        hr = media_physical_type(drive, &type);
    }
    if (SUCCEEDED(hr)) {
        hr = tao_type_supported(drive, type, &supported);
    }
    if (FAILED(hr)) {
        return hr;
    }
    if (!supported) {
        return E_IMAPI_DF2TAO_MEDIA_IS_NOT_SUPPORTED;
    }
    hr = media_blank(drive, &blank);
    if (FAILED(hr)) {
        return hr;
    }
    return blank ? S_OK : E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK;
}

/* The tray's button is not for others while we write. Not every drive can; that stops nothing. */
static void prevent_removal(struct drive *drive, bool prevent)
{
    struct drive_command command = {0};

    command.cdb_len = mmc_cdb_prevent_allow(command.cdb, prevent, false);
    (void)drive_execute(drive, &command);
}

static HRESULT lock_drive(struct drive *drive, const char *name)
{
    HRESULT hr = drive_lock_acquire(drive, false, name);

    return hr == E_ACCESSDENIED ? drive_lock_acquire(drive, true, name) : hr;
}

/* What PrepareMedia takes from the properties. */
struct preparation {
    char name[CLIENT_NAME_SIZE];
    struct speed wish;
    bool finalize, underrun_free;
};

/* Recorder and name are there; the drive and then the medium come now (section 8, point 61). */
static HRESULT open_session(struct drive *drive, const struct preparation *preparation,
                            struct tao_session *session)
{
    HRESULT hr = lock_drive(drive, preparation->name);

    if (FAILED(hr)) {
        return hr;
    }
    hr = check_medium(drive);
    if (SUCCEEDED(hr)) {
        /* the wish was judged when it was made; another disc may know other speeds */
        (void)speeds_select(drive, preparation->wish);
        hr = tao_set_parameters(drive, preparation->finalize, preparation->underrun_free);
    }
    if (SUCCEEDED(hr)) {
        hr = media_space(drive, &session->space);
    }
    if (FAILED(hr)) {
        (void)drive_lock_release(drive);
        return hr;
    }
    prevent_removal(drive, true);
    session->drive = drive;
    return S_OK;
}

static HRESULT begin_preparing(struct tao *tao, struct preparation *preparation)
{
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_PREPARE_MEDIA);
    if (SUCCEEDED(hr) && tao->client_name == NULL) {
        hr = E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID;
    }
    if (SUCCEEDED(hr)) {
        client_name_narrow(tao->client_name, preparation->name);
        preparation->wish = tao->wish;
        preparation->finalize = tao->do_not_finalize == VARIANT_FALSE;
        preparation->underrun_free = tao->underrun_free_disabled == VARIANT_FALSE;
        tao->state = TAO_PREPARING;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

HRESULT tao_prepare(struct tao *tao)
{
    struct tao_session session = {0};
    struct preparation preparation;
    struct drive *drive = NULL;
    HRESULT hr = begin_preparing(tao, &preparation);

    if (FAILED(hr)) {
        return hr;
    }
    hr = tao_drive(tao, &drive);
    if (SUCCEEDED(hr)) {
        hr = open_session(drive, &preparation, &session);
    }
    if (FAILED(hr)) {
        drive_unref(drive);
    }
    pthread_mutex_lock(&tao->lock);
    if (SUCCEEDED(hr)) {
        tao->session = session;
    }
    tao->state = SUCCEEDED(hr) ? TAO_PREPARED : TAO_IDLE;
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

HRESULT tao_refresh_space(struct tao *tao)
{
    struct media_space space;
    HRESULT hr = media_space(tao->session.drive, &space);

    if (SUCCEEDED(hr)) {
        pthread_mutex_lock(&tao->lock);
        tao->session.space = space;
        pthread_mutex_unlock(&tao->lock);
    }
    return hr;
}

static HRESULT send_close(struct drive *drive, bool immediate)
{
    struct drive_command command = {.patience_ms = CLOSE_WITHOUT_IMMEDIATE_MS};

    command.timeout_ms = immediate ? 0 : CLOSE_WITHOUT_IMMEDIATE_MS;
    command.cdb_len = mmc_cdb_close(command.cdb, MMC_CLOSE_SESSION, 0, immediate);
    HRESULT hr = drive_execute(drive, &command);

    if (FAILED(hr) && immediate && command.sense == SENSE_INVALID_FIELD_IN_CDB) {
        return send_close(drive, false);
    }
    return hr;
}

/* Nothing to close on a disc that is still blank: a first WRITE may have failed. */
static HRESULT close_session(struct tao *tao)
{
    struct drive *drive = tao->session.drive;
    bool blank = false;
    HRESULT hr;

    if (!tao->session.written) {
        return S_OK;
    }
    if (tao->session.tracks == 0 && SUCCEEDED(media_blank(drive, &blank)) && blank) {
        return S_OK;
    }
    hr = send_close(drive, true);
    return FAILED(hr) ? hr : drive_wait_ready(drive, CLOSE_MS, NULL, NULL);
}

/* To the end in any case; the first error is the one that is told (section 8, point 11). */
static HRESULT end_session(struct tao *tao, bool finalize, bool verify)
{
    struct drive *drive = tao->session.drive;
    HRESULT hr = close_session(tao), unlocked;

    if (SUCCEEDED(hr) && verify && tao->session.tracks > 0) {
        hr = tao_verify_disc(tao, finalize);
    }
    prevent_removal(drive, false);
    unlocked = drive_lock_release(drive);
    return FAILED(hr) ? hr : unlocked;
}

static void forget_session(struct tao_session *session)
{
    CoTaskMemFree(session->toc);
    drive_unref(session->drive);
}

HRESULT tao_release(struct tao *tao)
{
    struct tao_session session;
    bool finalize, verify;
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_RELEASE_MEDIA);
    if (SUCCEEDED(hr)) {
        tao->state = TAO_RELEASING;
        finalize = tao->do_not_finalize == VARIANT_FALSE;
        verify = tao->level == IMAPI_BURN_VERIFICATION_QUICK;
    }
    pthread_mutex_unlock(&tao->lock);
    if (FAILED(hr)) {
        return hr;
    }
    hr = end_session(tao, finalize, verify);
    pthread_mutex_lock(&tao->lock);
    session = tao->session;
    memset(&tao->session, 0, sizeof(tao->session));
    tao->state = TAO_IDLE;
    pthread_mutex_unlock(&tao->lock);
    forget_session(&session);
    return hr;
}

void tao_abandon(struct tao *tao)
{
    if (tao->state == TAO_PREPARED) {
        (void)tao_release(tao);
    }
}

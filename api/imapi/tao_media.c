/* SPDX-License-Identifier: MIT */
/* The methods of IDiscFormat2TrackAtOnce that look at the disc and at the session on it. */
#include "api/imapi/tao.h"

#include <string.h>
#include "api/imapi/arrays.h"

#define TOC_ENTRY_BYTES 8
#define TOC_LEAD_OUT 0xAA
#define TOC_AUDIO 0x10 /* ADR 1, control 0 */

/* ---- the session's figures */

HRESULT tao_get_existing_tracks(IDiscFormat2TrackAtOnce *This, LONG *value)
{
    struct tao *tao = com_self(This);
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = 0; /* outside a session as well as the refusal (section 8, point 14) */
    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_GET_EXISTING_TRACKS);
    if (SUCCEEDED(hr)) {
        *value = tao->session.tracks;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

static HRESULT get_sectors(IDiscFormat2TrackAtOnce *This, size_t member, LONG *value)
{
    struct tao *tao = com_self(This);
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = 0;
    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_GET_SECTORS);
    if (SUCCEEDED(hr)) {
        *value = *(const LONG *)((const char *)&tao->session.space + member);
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

HRESULT tao_get_total_sectors(IDiscFormat2TrackAtOnce *This, LONG *value)
{
    return get_sectors(This, offsetof(struct media_space, total), value);
}

HRESULT tao_get_free_sectors(IDiscFormat2TrackAtOnce *This, LONG *value)
{
    return get_sectors(This, offsetof(struct media_space, free), value);
}

HRESULT tao_get_used_sectors(IDiscFormat2TrackAtOnce *This, LONG *value)
{
    return get_sectors(This, offsetof(struct media_space, used), value);
}

/* ---- ExpectedTableOfContents: the reply that READ TOC, format 0, will give (MMC-6 6.25.3.2) */

static BYTE *put_toc_entry(BYTE *at, BYTE track, int32_t lba)
{
    uint32_t address = (uint32_t)lba;

    memset(at, 0, TOC_ENTRY_BYTES);
    at[1] = TOC_AUDIO;
    at[2] = track;
    for (int i = 0; i < 4; i++) {
        at[4 + i] = (BYTE)(address >> (24 - 8 * i));
    }
    return at + TOC_ENTRY_BYTES;
}

static BYTE *build_toc(const struct tao_session *session)
{
    size_t size = 4 + TOC_ENTRY_BYTES * ((size_t)session->tracks + 1);
    BYTE *toc = CoTaskMemAlloc(size), *at = toc + 4;

    if (toc == NULL) {
        return NULL;
    }
    toc[0] = (BYTE)((size - 2) >> 8);
    toc[1] = (BYTE)(size - 2);
    toc[2] = 1;
    toc[3] = (BYTE)session->tracks;
    for (LONG i = 0; i < session->tracks; i++) {
        at = put_toc_entry(at, (BYTE)(i + 1), session->track[i].start_lba);
    }
    put_toc_entry(at, TOC_LEAD_OUT, session->track[session->tracks - 1].end_lba);
    return toc;
}

/* The session as it is now; its tracks do not change under us, they only become more. */
static HRESULT copy_session(struct tao *tao, struct tao_session *session)
{
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_GET_EXPECTED_TOC);
    if (SUCCEEDED(hr) && tao->session.tracks == 0) {
        hr = E_IMAPI_DF2TAO_TABLE_OF_CONTENTS_EMPTY_DISC;
    }
    if (SUCCEEDED(hr)) {
        *session = tao->session;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

HRESULT tao_get_expected_toc(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value)
{
    struct tao *tao = com_self(This);
    struct tao_session session;
    SAFEARRAY *array;
    BYTE *toc;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    hr = copy_session(tao, &session);
    if (FAILED(hr)) {
        return hr;
    }
    toc = build_toc(&session);
    hr = toc == NULL ? E_OUTOFMEMORY : array_of_bytes_by_ref(toc, &array);
    if (FAILED(hr)) {
        CoTaskMemFree(toc);
        return hr;
    }
    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_GET_EXPECTED_TOC);
    if (SUCCEEDED(hr)) {
        BYTE *old = tao->session.toc;

        tao->session.toc = toc;
        toc = old;
        *value = array;
    }
    pthread_mutex_unlock(&tao->lock);
    if (FAILED(hr)) { /* released by another thread meanwhile */
        SafeArrayDestroy(array);
    }
    CoTaskMemFree(toc);
    return hr;
}

/* ---- the medium */

HRESULT tao_get_media_type(IDiscFormat2TrackAtOnce *This, IMAPI_MEDIA_PHYSICAL_TYPE *value)
{
    struct drive *drive;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = IMAPI_MEDIA_TYPE_UNKNOWN;
    hr = tao_drive(com_self(This), &drive);
    if (SUCCEEDED(hr)) {
        hr = media_physical_type(drive, value);
        drive_unref(drive);
    }
    return hr;
}

/* Once our own session has begun the disc is not blank: the busy drive need not be asked. */
static bool known_written(struct tao *tao)
{
    bool written;

    pthread_mutex_lock(&tao->lock);
    written = tao->session.tracks > 0 || (tao->session.written && tao->state == TAO_WRITING);
    pthread_mutex_unlock(&tao->lock);
    return written;
}

HRESULT tao_get_physically_blank(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value)
{
    struct tao *tao = com_self(This);
    struct drive *drive;
    bool blank = false;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = VARIANT_FALSE;
    if (known_written(tao)) {
        return S_OK;
    }
    hr = tao_drive(tao, &drive);
    if (SUCCEEDED(hr)) {
        hr = media_blank(drive, &blank);
        drive_unref(drive);
    }
    if (SUCCEEDED(hr) && blank) {
        *value = VARIANT_TRUE;
    }
    return hr;
}

HRESULT tao_get_supported_types(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value)
{
    static const LONG types[] = {IMAPI_MEDIA_TYPE_CDR, IMAPI_MEDIA_TYPE_CDRW};

    (void)This;
    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    return array_of_longs(types, sizeof(types) / sizeof(types[0]), VT_I4, value);
}

/* ---- could this recorder, could this disc? A "no" is an answer: S_OK and FALSE (8, point 39). */

static HRESULT answer(IDiscRecorder2 *recorder, HRESULT (*question)(struct drive *, bool *),
                      VARIANT_BOOL *value)
{
    struct recorder_access *access;
    struct drive *drive;
    bool yes = false;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = VARIANT_FALSE;
    if (recorder == NULL) {
        return E_POINTER;
    }
    access = recorder_access(recorder);
    if (access == NULL) {
        return S_OK; /* a foreign recorder */
    }
    hr = recorder_access_drive(access, &drive);
    recorder_access_release(access);
    if (FAILED(hr)) {
        return S_OK; /* not initialised */
    }
    hr = question(drive, &yes);
    drive_unref(drive);
    if (SUCCEEDED(hr) && yes) {
        *value = VARIANT_TRUE;
    }
    return hr;
}

HRESULT tao_is_recorder_supported(IDiscFormat2TrackAtOnce *This, IDiscRecorder2 *recorder,
                                  VARIANT_BOOL *value)
{
    (void)This;
    return answer(recorder, tao_recorder_supported, value);
}

HRESULT tao_is_media_supported(IDiscFormat2TrackAtOnce *This, IDiscRecorder2 *recorder,
                               VARIANT_BOOL *value)
{
    (void)This;
    return answer(recorder, tao_media_supported, value);
}

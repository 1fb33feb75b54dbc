/* SPDX-License-Identifier: MIT */
/* The methods of IDiscFormat2TrackAtOnce about write speeds. */
#include "api/imapi/tao.h"

#include "api/imapi/arrays.h"
#include "api/imapi/speed_descriptor.h"

/* The wish is kept once the drive has taken it. */
HRESULT tao_set_write_speed(IDiscFormat2TrackAtOnce *This, LONG sectors_per_second,
                            VARIANT_BOOL cav)
{
    struct tao *tao = com_self(This);
    struct speed wish = {.sectors_per_second = sectors_per_second, .cav = cav != VARIANT_FALSE};
    struct drive *drive;
    HRESULT hr = tao_check(tao, TAO_SET_WRITE_SPEED);

    if (FAILED(hr)) {
        return hr;
    }
    if (sectors_per_second == 0 || sectors_per_second < SPEED_FASTEST) {
        return E_INVALIDARG;
    }
    hr = tao_drive(tao, &drive);
    if (hr == E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED) {
        return E_IMAPI_RECORDER_REQUIRED; /* taken away by another thread meanwhile */
    }
    if (FAILED(hr)) {
        return hr;
    }
    hr = speeds_select(drive, wish);
    drive_unref(drive);
    if (SUCCEEDED(hr)) {
        pthread_mutex_lock(&tao->lock);
        tao->wish = wish;
        pthread_mutex_unlock(&tao->lock);
    }
    return hr;
}

static struct speed requested(IDiscFormat2TrackAtOnce *This)
{
    struct tao *tao = com_self(This);
    struct speed wish;

    pthread_mutex_lock(&tao->lock);
    wish = tao->wish;
    pthread_mutex_unlock(&tao->lock);
    return wish;
}

HRESULT tao_get_requested_speed(IDiscFormat2TrackAtOnce *This, LONG *value)
{
    if (value == NULL) {
        return E_POINTER;
    }
    *value = requested(This).sectors_per_second;
    return S_OK;
}

HRESULT tao_get_requested_cav(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value)
{
    if (value == NULL) {
        return E_POINTER;
    }
    *value = requested(This).cav ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

static HRESULT current(IDiscFormat2TrackAtOnce *This, struct speed *speed)
{
    struct drive *drive;
    HRESULT hr = tao_drive(com_self(This), &drive);

    if (SUCCEEDED(hr)) {
        hr = speeds_current(drive, speed);
        drive_unref(drive);
    }
    return hr;
}

HRESULT tao_get_current_speed(IDiscFormat2TrackAtOnce *This, LONG *value)
{
    struct speed speed;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = 0;
    hr = current(This, &speed);
    if (SUCCEEDED(hr)) {
        *value = speed.sectors_per_second;
    }
    return hr;
}

HRESULT tao_get_current_cav(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value)
{
    struct speed speed;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = VARIANT_FALSE;
    hr = current(This, &speed);
    if (SUCCEEDED(hr)) {
        *value = speed.cav ? VARIANT_TRUE : VARIANT_FALSE;
    }
    return hr;
}

/* A drive may offer one speed with two rotations; the plain list names it once. */
static ULONG distinct(const struct speed *speeds, size_t count, LONG values[SPEEDS_MOST])
{
    ULONG n = 0;

    for (size_t i = 0; i < count; i++) {
        ULONG seen = 0;

        while (seen < n && values[seen] != speeds[i].sectors_per_second) {
            seen++;
        }
        if (seen == n) {
            values[n++] = speeds[i].sectors_per_second;
        }
    }
    return n;
}

HRESULT tao_get_speeds(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value)
{
    struct speed speeds[SPEEDS_MOST];
    LONG values[SPEEDS_MOST];
    struct drive *drive;
    size_t count;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    hr = tao_drive(com_self(This), &drive);
    if (FAILED(hr)) {
        return hr;
    }
    hr = speeds_supported(drive, speeds, &count);
    drive_unref(drive);
    return FAILED(hr) ? hr : array_of_longs(values, distinct(speeds, count, values), VT_UI4, value);
}

static HRESULT make_descriptors(const struct speed *speeds, size_t count,
                                IMAPI_MEDIA_PHYSICAL_TYPE type, SAFEARRAY **value)
{
    IDispatch *objects[SPEEDS_MOST];
    ULONG made = 0;

    while (made < count) {
        objects[made] = speed_descriptor_create(type, speeds[made]);
        if (objects[made] == NULL) {
            while (made > 0) {
                made--;
                objects[made]->lpVtbl->Release(objects[made]);
            }
            return E_OUTOFMEMORY;
        }
        made++;
    }
    return array_of_objects(objects, made, value);
}

HRESULT tao_get_speed_descriptors(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value)
{
    struct speed speeds[SPEEDS_MOST];
    IMAPI_MEDIA_PHYSICAL_TYPE type;
    struct drive *drive;
    size_t count;
    HRESULT hr;

    if (value == NULL) {
        return E_POINTER;
    }
    *value = NULL;
    hr = tao_drive(com_self(This), &drive);
    if (FAILED(hr)) {
        return hr;
    }
    hr = media_physical_type(drive, &type);
    if (SUCCEEDED(hr)) {
        hr = speeds_supported(drive, speeds, &count);
    }
    drive_unref(drive);
    return FAILED(hr) ? hr : make_descriptors(speeds, count, type, value);
}

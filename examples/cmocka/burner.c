/* SPDX-License-Identifier: MIT */
#include "burner.h"

#include <imapi2_linux.h>
#include <stdlib.h>

static HRESULT open_recorder(const char *url, IDiscRecorder2 **out)
{
    IDiscRecorder2 *recorder = NULL;
    BSTR id = NULL;
    HRESULT hr = CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2,
                                  (void **)&recorder);

    if (FAILED(hr))
        return hr;
    hr = imapi2_bstr_from_utf8(url, &id);
    if (SUCCEEDED(hr))
        hr = IDiscRecorder2_InitializeDiscRecorder(recorder, id);
    SysFreeString(id);
    if (SUCCEEDED(hr))
        *out = recorder;
    else
        IDiscRecorder2_Release(recorder);
    return hr;
}

HRESULT burner_new(const char *url, const char *client_name, IDiscFormat2TrackAtOnce **out)
{
    IDiscFormat2TrackAtOnce *format = NULL;
    IDiscRecorder2 *recorder = NULL;
    BSTR name = NULL;
    HRESULT hr = CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                                  &IID_IDiscFormat2TrackAtOnce, (void **)&format);

    if (FAILED(hr))
        return hr;
    hr = imapi2_bstr_from_utf8(client_name, &name);
    if (SUCCEEDED(hr))
        hr = IDiscFormat2TrackAtOnce_put_ClientName(format, name);
    SysFreeString(name);
    if (SUCCEEDED(hr))
        hr = open_recorder(url, &recorder);
    if (SUCCEEDED(hr)) {
        hr = IDiscFormat2TrackAtOnce_put_Recorder(format, recorder);
        IDiscRecorder2_Release(recorder); /* the format has it now */
    }
    if (SUCCEEDED(hr))
        *out = format;
    else
        IDiscFormat2TrackAtOnce_Release(format);
    return hr;
}

HRESULT burner_burn_silence(IDiscFormat2TrackAtOnce *format, unsigned seconds)
{
    UINT bytes = seconds * 176400; /* 44,100 pairs of 16-bit samples a second */
    BYTE *samples = calloc(1, bytes);
    IStream *stream = samples ? SHCreateMemStream(samples, bytes) : NULL;
    HRESULT hr;

    free(samples);
    if (!stream)
        return E_OUTOFMEMORY;
    hr = IDiscFormat2TrackAtOnce_PrepareMedia(format);
    if (SUCCEEDED(hr)) {
        HRESULT released;

        hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
        released = IDiscFormat2TrackAtOnce_ReleaseMedia(format);
        if (SUCCEEDED(hr))
            hr = released;
    }
    IStream_Release(stream);
    return hr;
}

/* SPDX-License-Identifier: MIT */
#include "measure/audio.h"

#define COBJMACROS
#include <imapi2.h>
#include <imapi2_linux.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 2352 };

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static const char *describe(const char *call, HRESULT hr)
{
    static char text[128];
    const char *name = imapi2_hresult_name(hr);

    snprintf(text, sizeof(text), "%s gave %s (%08X)", call, name ? name : "", (unsigned)hr);
    return text;
}

static bool make_file(const char *path, uint64_t bytes)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool made = fd >= 0 && ftruncate(fd, (off_t)bytes) == 0;

    if (fd >= 0)
        close(fd);
    return made;
}

static HRESULT open_recorder(const char *url, IDiscRecorder2 **recorder)
{
    BSTR id = NULL;
    HRESULT hr = CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2,
                                  (void **)recorder);

    if (SUCCEEDED(hr))
        hr = imapi2_bstr_from_utf8(url, &id);
    if (SUCCEEDED(hr))
        hr = IDiscRecorder2_InitializeDiscRecorder(*recorder, id);
    SysFreeString(id);
    return hr;
}

static HRESULT prepare(IDiscFormat2TrackAtOnce *format, IDiscRecorder2 *recorder)
{
    BSTR name = NULL;
    HRESULT hr = imapi2_bstr_from_utf8("Bench", &name);

    if (SUCCEEDED(hr))
        hr = IDiscFormat2TrackAtOnce_put_Recorder(format, recorder);
    if (SUCCEEDED(hr))
        hr = IDiscFormat2TrackAtOnce_put_ClientName(format, name);
    if (SUCCEEDED(hr))
        hr = IDiscFormat2TrackAtOnce_PrepareMedia(format);
    SysFreeString(name);
    return hr;
}

static HRESULT open_stream(const char *path, IStream **stream)
{
    OLECHAR wide[256];
    size_t i;

    for (i = 0; path[i] && i < 255; i++) /* the bench's own path: ASCII */
        wide[i] = (OLECHAR)(unsigned char)path[i];
    wide[i] = 0;
    return SHCreateStreamOnFileEx(wide, STGM_READ | STGM_SHARE_DENY_WRITE, 0, FALSE, NULL, stream);
}

static const char *burn(IDiscFormat2TrackAtOnce *format, const char *file, struct audio_burn *out)
{
    IStream *stream = NULL;
    LONG sectors = 0;
    double begin;
    HRESULT hr = IDiscFormat2TrackAtOnce_get_FreeSectorsOnMedia(format, &sectors);

    if (FAILED(hr))
        return describe("get_FreeSectorsOnMedia", hr);
    if (!make_file(file, (uint64_t)sectors * BLOCK))
        return "the file for the samples cannot be made";
    hr = open_stream(file, &stream);
    if (FAILED(hr))
        return describe("SHCreateStreamOnFileEx", hr);
    begin = now_us();
    hr = IDiscFormat2TrackAtOnce_AddAudioTrack(format, stream);
    *out = (struct audio_burn){.blocks = (uint32_t)sectors, .us = now_us() - begin};
    IStream_Release(stream);
    return FAILED(hr) ? describe("AddAudioTrack", hr) : NULL;
}

const char *audio_burn(const char *url, const char *file, struct audio_burn *out)
{
    IDiscRecorder2 *recorder = NULL;
    IDiscFormat2TrackAtOnce *format = NULL;
    const char *failed = NULL;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return describe("CoInitializeEx", hr);
    hr = open_recorder(url, &recorder);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                              &IID_IDiscFormat2TrackAtOnce, (void **)&format);
    if (SUCCEEDED(hr))
        hr = prepare(format, recorder);
    if (FAILED(hr))
        failed = describe("the way to PrepareMedia", hr);
    else {
        failed = burn(format, file, out);
        (void)IDiscFormat2TrackAtOnce_ReleaseMedia(format);
    }
    if (format)
        IDiscFormat2TrackAtOnce_Release(format);
    if (recorder)
        IDiscRecorder2_Release(recorder);
    CoUninitialize();
    return failed;
}

/* SPDX-License-Identifier: MIT */
#include "com.h"
#include "api/transport/transport.h"
#include "verbs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *com_text(BSTR bstr)
{
    char *text = NULL;
    if (imapi2_utf8_from_bstr(bstr, &text) == E_INVALIDARG && (text = CoTaskMemAlloc(2)) != NULL)
        memcpy(text, "?", 2);
    SysFreeString(bstr);
    return text;
}

static const struct {
    HRESULT hr;
    const char *text;
} errors[] = {
    {E_OUTOFMEMORY, "out of memory"},
    {E_INVALIDARG, "an argument is not valid"},
    {E_ACCESSDENIED, "access denied"},
    {E_FAIL, "failed"},
    {HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE), "the connection to the drive is lost"},
    {HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST), "there is no such drive"},
    {E_IMAPI_REQUEST_CANCELLED, "cancelled"},
    {E_IMAPI_RECORDER_COMMAND_TIMEOUT, "the drive does not answer"},
    {E_IMAPI_RECORDER_MEDIA_NO_MEDIA, "there is no disc in the drive"},
    {E_IMAPI_RECORDER_MEDIA_BUSY, "the drive is busy"},
    {E_IMAPI_RECORDER_MEDIA_BECOMING_READY, "the disc is not ready yet"},
    {E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE, "the disc is of the wrong kind"},
    {E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED, "the disc is write-protected"},
    {E_IMAPI_RECORDER_LOCKED, "the drive is held by somebody else"},
    {E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID,
     "not a client name: 1 to 63 of A-Z a-z 0-9 space . , : ; - _"},
    {E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE, "the drive's answer makes no sense"},
    {E_IMAPI_LOSS_OF_STREAMING, "the data did not come fast enough"},
    {E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID,
     "not a client name: 1 to 63 of A-Z a-z 0-9 space . , : ; - _"},
    {E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK, "the disc is not blank"},
    {E_IMAPI_DF2TAO_MEDIA_IS_NOT_SUPPORTED, "the disc is none that the drive can burn"},
    {E_IMAPI_DF2TAO_TRACK_LIMIT_REACHED, "the disc has 99 tracks already"},
    {E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE, "there is not enough space on the disc"},
    {E_IMAPI_DF2TAO_STREAM_NOT_SUPPORTED, "the audio cannot be burned as a track"},
    {E_IMAPI_DF2TAO_RECORDER_NOT_SUPPORTED, "the drive cannot burn track at once"},
};

const char *com_error(HRESULT hr)
{
    static _Thread_local char number[32];
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (errors[i].hr == hr)
            return errors[i].text;
    const char *name = imapi2_hresult_name(hr);
    if (name != NULL)
        return name;
    snprintf(number, sizeof number, "HRESULT 0x%08X", (unsigned)hr);
    return number;
}

/* An HRESULT says that there is no way to the drive; asked once more, the way says why. A peer that
 * was silent is not asked again. */
static int fail_open(const char *url, HRESULT hr)
{
    struct transport *transport = NULL;
    char *why = NULL;
    if (hr != E_OUTOFMEMORY && hr != E_IMAPI_RECORDER_COMMAND_TIMEOUT)
        (void)transport_open(url, NULL, &transport, &why);
    int status = fail(url, "%s", why != NULL ? why : com_error(hr));
    transport_close(transport);
    free(why);
    return status;
}

int com_open_recorder(const char *url, IDiscRecorder2 **recorder)
{
    IDiscRecorder2 *made = NULL;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2,
                              (void **)&made);
    if (FAILED(hr))
        return fail(url, "%s", com_error(hr));
    BSTR id;
    hr = imapi2_bstr_from_utf8(url, &id);
    if (SUCCEEDED(hr))
        hr = IDiscRecorder2_InitializeDiscRecorder(made, id);
    SysFreeString(id);
    if (FAILED(hr)) {
        IDiscRecorder2_Release(made);
        return fail_open(url, hr);
    }
    *recorder = made;
    return EXIT_DONE;
}

int com_fail(const char *thing, IDiscRecorder2 *recorder, const char *call, HRESULT hr)
{
    BSTR owner = NULL;
    if (hr == E_IMAPI_RECORDER_LOCKED && recorder != NULL &&
        SUCCEEDED(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &owner)) &&
        SysStringLen(owner) > 0) {
        char *name = com_text(owner);
        int status = fail(thing, "%s: the drive is held by \"%s\"", call, name ? name : "?");
        CoTaskMemFree(name);
        return status;
    }
    SysFreeString(owner);
    return fail(thing, "%s: %s", call, com_error(hr));
}

char *com_owner(const char *url, IDiscRecorder2 *recorder)
{
    BSTR owner = NULL;
    HRESULT hr = IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &owner);
    if (FAILED(hr)) {
        com_fail(url, NULL, "get_ExclusiveAccessOwner", hr);
        return NULL;
    }
    char *name = com_text(owner);
    if (name == NULL)
        fail(url, "out of memory");
    return name;
}

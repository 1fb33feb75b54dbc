/* SPDX-License-Identifier: MIT */
#include "com.h"
#include "verbs.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next code point of UTF-8 text; -1 for what is none (RFC 3629, 4). */
static int32_t next_code_point(const unsigned char **text)
{
    const unsigned char *p = *text;
    int more = *p < 0x80 ? 0 : *p >= 0xF0 && *p < 0xF5 ? 3 : *p >= 0xE0 ? 2 : *p >= 0xC2 ? 1 : -1;
    static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (more < 0 || *p >= 0xF5)
        return -1;
    int32_t value = more == 0 ? *p : *p & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return -1;
        value = value << 6 | (p[i] & 0x3F);
    }
    if (value < least[more] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return -1;
    *text = p + more + 1;
    return value;
}

BSTR com_bstr(const char *utf8)
{
    const unsigned char *p = (const unsigned char *)utf8;
    OLECHAR *units = malloc((strlen(utf8) + 1) * sizeof *units);
    UINT count = 0;
    BSTR bstr = NULL;
    if (units == NULL)
        return NULL;
    while (*p != '\0') {
        int32_t value = next_code_point(&p);
        if (value < 0)
            goto out;
        if (value >= 0x10000) {
            units[count++] = (OLECHAR)(0xD800 + ((value - 0x10000) >> 10));
            value = 0xDC00 + ((value - 0x10000) & 0x3FF);
        }
        units[count++] = (OLECHAR)value;
    }
    bstr = SysAllocStringLen(units, count);
out:
    free(units);
    return bstr;
}

/* What the API hands out is ASCII; anything else is shown as '?'. */
char *com_utf8(BSTR bstr)
{
    UINT length = SysStringLen(bstr);
    char *text = malloc((size_t)length + 1);
    if (text != NULL) {
        for (UINT i = 0; i < length; i++)
            text[i] = bstr[i] >= 0x20 && bstr[i] < 0x7F ? (char)bstr[i] : '?';
        text[length] = '\0';
    }
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
    {E_IMAPI_DF2TAO_MEDIA_IS_NOT_SUPPORTED, "the disc is no CD-R or CD-RW"},
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
    snprintf(number, sizeof number, "HRESULT 0x%08X", (unsigned)hr);
    return number;
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
    BSTR id = com_bstr(url);
    hr = id != NULL ? IDiscRecorder2_InitializeDiscRecorder(made, id) : E_INVALIDARG;
    SysFreeString(id);
    if (FAILED(hr)) {
        IDiscRecorder2_Release(made);
        return fail(url, "%s", com_error(hr));
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
        char *name = com_utf8(owner);
        int status = fail(thing, "%s: the drive is held by \"%s\"", call, name ? name : "?");
        free(name);
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
    char *name = com_utf8(owner);
    if (name == NULL)
        fail(url, "out of memory");
    return name;
}

/* SPDX-License-Identifier: MIT */
/*
 * What this implementation adds to Microsoft's: text in UTF-8 and the names of HRESULTs. Any thread
 * may call these functions at any time.
 *
 * A recorder's unique id is a drive URL:
 *     iscsi://[user%password@]host:port/iqn/lun     each recorder object is a session of its own
 *     embedded:DISC                                 a drive in this process, with that disc file
 *     embedded:                                     a new, empty one
 * InitializeDiscRecorder logs in, and works while somebody else holds the drive. What can go wrong
 * with the way to a drive, there and in every later call, each within a bounded time:
 *     0x80070005  E_ACCESSDENIED                         login refused, wrong secret, disc in use
 *     0x80070037  HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST)  unknown host, nothing listens, no such
 *                 target or disc; connection broken: then every later call of this object says so
 *     0xC0AA020D  E_IMAPI_RECORDER_COMMAND_TIMEOUT       the peer is silent: 10 s, 60 s after a write,
 *                 longer where a tray moves; later calls of this object then say 0x80070037
 *     0x80070057  E_INVALIDARG                           not a URL of these kinds
 *     0x80070006  E_HANDLE                               a reset of the drive took this object's
 *                 exclusive access; said once, and again by ReleaseExclusiveAccess
 * Nothing is reconnected behind the program's back, for a new session has lost the lock.
 *
 * Where Microsoft's documentation leaves it open: get_VolumeName is the URL without the account,
 * get_VolumePathNames is empty, get_LegacyDeviceNumber is the number at the URL's end or 0; Disable-
 * and EnableMcn count, and nothing more, for nobody here polls a drive. An AddAudioTrack whose stream
 * ends before the size that it announced returns 0x80070026, HRESULT_FROM_WIN32(ERROR_HANDLE_EOF). A
 * CancelAddTrack that comes too late to shorten the track still makes AddAudioTrack return
 * E_IMAPI_REQUEST_CANCELLED. Objects are free-threaded and hold no lock while they call a program's
 * sink, stream, recorder or memory spy.
 */
#ifndef IMAPI2_LINUX_H
#define IMAPI2_LINUX_H

#include "imapi2.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A BSTR of the NUL-terminated UTF-8 text; the caller frees it with SysFreeString. E_INVALIDARG:
 * not UTF-8. E_OUTOFMEMORY. E_POINTER: an argument is NULL. *bstr is NULL on failure.
 */
IMAPI2_API HRESULT imapi2_bstr_from_utf8(const char *text, BSTR *bstr);

/*
 * The BSTR as NUL-terminated UTF-8; the caller frees it with CoTaskMemFree. bstr NULL is the empty
 * string. E_INVALIDARG: an odd length, a lone surrogate or a NUL inside. *text is NULL on failure.
 */
IMAPI2_API HRESULT imapi2_utf8_from_bstr(BSTR bstr, char **text);

/* "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED", "S_OK", "E_INVALIDARG"...; NULL for a code without a name. */
IMAPI2_API const char *imapi2_hresult_name(HRESULT hr);

/* The code of a name as above. S_OK, S_FALSE: no such name (*hr is as it was), E_POINTER. */
IMAPI2_API HRESULT imapi2_hresult_by_name(const char *name, HRESULT *hr);

#ifdef __cplusplus
}
#endif
#endif

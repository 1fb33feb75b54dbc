-- SPDX-License-Identifier: MIT
scenario "an ejected disc is gone for the format, and back when the tray is closed"
needs { "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { recorder = recorder, client_name = "Recorder 1.0" }

expect(get(tao, "CurrentPhysicalMediaType")):gives(2)
expect(call(tao, "IsCurrentMediaSupported", recorder)):gives(true)
expect(call(recorder, "EjectMedia")):is "S_OK"
expect(call(recorder, "EjectMedia")):is "S_OK"
expect(call(tao, "IsRecorderSupported", recorder)):gives(true)
expect(call(tao, "IsCurrentMediaSupported", recorder)):is "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"
expect(get(tao, "CurrentPhysicalMediaType")):gives(0)
expect(get(tao, "MediaPhysicallyBlank")):is "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(call(recorder, "CloseTray")):is "S_OK"
expect(call(recorder, "CloseTray")):is "S_OK"
expect(get(tao, "CurrentPhysicalMediaType")):gives(2)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(#drive:record "medium-ejected"):is(1)

-- SPDX-License-Identifier: MIT
scenario "outside AddAudioTrack there is nothing to cancel"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local NW = "E_IMAPI_DF2TAO_WRITE_NOT_IN_PROGRESS"

expect(call(object "MsftDiscFormat2TrackAtOnce", "CancelAddTrack")):is(NW)
expect(call(tao, "CancelAddTrack")):is(NW)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "CancelAddTrack")):is(NW)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "CancelAddTrack")):is(NW)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(call(tao, "CancelAddTrack")):is(NW)

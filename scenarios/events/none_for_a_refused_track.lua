-- SPDX-License-Identifier: MIT
scenario "a track that is refused has no events"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Events 1.0" }
local events = 0

on_update(tao, function() events = events + 1 end)
expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { bytes = 0 })):is "E_IMAPI_DF2TAO_STREAM_NOT_SUPPORTED"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(events):is(0)

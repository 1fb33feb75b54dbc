-- SPDX-License-Identifier: MIT
scenario "AddAudioTrack wants a prepared medium and no other track that is being written"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local NP = "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
local events = 0

expect(call(object "MsftDiscFormat2TrackAtOnce", "AddAudioTrack", audio())):is(NP)
expect(call(tao, "AddAudioTrack", audio())):is(NP)
expect(call(tao, "AddAudioTrack", null "object")):is(NP) -- the state before the argument
expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function()
  events = events + 1
  expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(in_thread(call, tao, "AddAudioTrack", null "object")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
  expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
end)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(events):at_least(3)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is(NP)
expect(#drive:tracks()):is(1)

-- SPDX-License-Identifier: MIT
scenario "there is an expected table of contents only while prepared, and once there is a track"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Contents 1.0" }
local NP = "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
local events = 0

expect(get(object "MsftDiscFormat2TrackAtOnce", "ExpectedTableOfContents")):is(NP)
expect(get(tao, "ExpectedTableOfContents")):is(NP)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(tao, "ExpectedTableOfContents")):is "E_IMAPI_DF2TAO_TABLE_OF_CONTENTS_EMPTY_DISC"
on_update(tao, function()
  events = events + 1
  expect(get(tao, "ExpectedTableOfContents")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
end)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(events):at_least(3)
expect(get(tao, "ExpectedTableOfContents")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(get(tao, "ExpectedTableOfContents")):is(NP)

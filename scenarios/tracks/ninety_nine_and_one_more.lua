-- SPDX-License-Identifier: MIT
scenario "a disc takes ninety-nine tracks, and not one more"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
for number = 1, 99 do
  expect(call(tao, "AddAudioTrack", audio { frames = number, seed = number })):is "S_OK"
end
expect(get(tao, "NumberOfExistingTracks")):gives(99)
expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_DF2TAO_TRACK_LIMIT_REACHED"
expect(call(tao, "AddAudioTrack", audio { bytes = 1 })):is "E_IMAPI_DF2TAO_TRACK_LIMIT_REACHED"
expect(get(tao, "NumberOfExistingTracks")):gives(99)
expect(drive:owner()):is "Tracks 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

local tracks = drive:tracks()
expect(#tracks):is(99)
expect(drive:disc()):matches { status = "complete", last_track = 99 }
for _, number in ipairs { 1, 2, 50, 98, 99 } do
  expect(tracks[number]):matches { number = number, start = 452 * (number - 1), blocks = 302 }
  expect(drive:compare(number, audio { frames = number, seed = number })):is "same"
end

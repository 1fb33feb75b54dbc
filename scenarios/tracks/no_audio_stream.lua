-- SPDX-License-Identifier: MIT
scenario "what is no stream of whole samples is refused, and nothing is written"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local NO = "E_IMAPI_DF2TAO_STREAM_NOT_SUPPORTED"

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { bytes = 0 })):is(NO)
for rest = 1, 3 do
  expect(call(tao, "AddAudioTrack", audio { bytes = 300 * 2352 + rest })):is(NO)
end
expect(call(tao, "AddAudioTrack", audio { no_stat = true, no_seek = true })):is(NO)
expect(call(tao, "AddAudioTrack", null "object")):is "E_POINTER"
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(#drive:tracks()):is(1)

-- SPDX-License-Identifier: MIT
scenario "a stream that fails at its first Read leaves the disc blank, one that fails soon a legal track"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { fail_after = 0 })):is "E_FAIL"
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc().status):is "blank"

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { fail_after = 4, fail_with = "E_FAIL" })):is "E_FAIL"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 302 } }

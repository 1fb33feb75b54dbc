-- SPDX-License-Identifier: MIT
scenario "after a LUN reset no track is written in nobody's name, whoever learned of it first"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:reset()
expect(get(recorder, "ExclusiveAccessOwner")):is "0x80070006" -- the first to be told
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "0x80070006"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "0x80070006"
expect(drive:record "track-opened"):matches {}
expect(drive:disc().status):is "blank"
expect(call(tao, "ReleaseMedia")):is "0x80070006"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:record "track-opened"):matches { { track = 1, owner = "First Burner 1.0" } }

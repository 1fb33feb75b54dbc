-- SPDX-License-Identifier: MIT
scenario "a stream without Stat is measured by Seek"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local music = audio { sectors = 333, no_stat = true }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 335 } }
expect(drive:compare(1, music)):is "same"

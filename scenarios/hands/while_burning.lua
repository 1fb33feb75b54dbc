-- SPDX-License-Identifier: MIT
scenario "no hand takes a disc out that is being burned"
needs { "hands" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Burner 1.0" }
local music = audio { sectors = 400, hold_at = 200 * 2352 }

expect(call(tao, "PrepareMedia")):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", music)
music:await()
expect(drive:button()):is "locked"
expect(drive:eject()):is "locked"
music:go()
expect(finish(burning)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:compare(1, audio { sectors = 400 })):is "same"
expect(drive:button()):is "done"

-- SPDX-License-Identifier: MIT
scenario "answers that come late, but in time, change nothing"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio { sectors = 1500 }

drive:fault "op=any count=4 do=delay:50ms"
expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) nth=5 count=2 do=delay:700ms"
drive:fault "op=SYNCHRONIZE_CACHE do=delay:200ms"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(#drive:record "fault"):is(7)
expect(drive:compare(1, music)):is "same"

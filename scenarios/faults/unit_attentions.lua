-- SPDX-License-Identifier: MIT
scenario "unit attentions are taken and the command sent again; one that a WRITE meets costs no sample"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio { sectors = 1500 }

drive:fault "op=TEST_UNIT_READY count=2 do=sense:06/28/00"
drive:fault "op=MODE_SELECT do=sense:06/2A/01"
expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) nth=4 count=2 do=sense:06/2A/01"
drive:fault "op=SYNCHRONIZE_CACHE do=sense:06/2A/01"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
drive:fault "op=CLOSE_TRACK do=sense:06/3F/01"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:compare(1, music)):is "same"

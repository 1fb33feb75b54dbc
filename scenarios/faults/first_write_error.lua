-- SPDX-License-Identifier: MIT
scenario "when the first WRITE fails the disc stays blank, and can be prepared and burned again"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio { sectors = 400 }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) count=all do=sense:03/0C/00"
expect(call(tao, "AddAudioTrack", music)):is "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:disc().status):is "blank"
drive:clear_faults()
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:compare(1, music)):is "same"

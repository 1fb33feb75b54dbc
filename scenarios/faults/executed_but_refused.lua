-- SPDX-License-Identifier: MIT
scenario "a CLOSE that was executed though its answer is an error: told, and the disc is as it is"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio()

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
drive:fault "op=CLOSE_TRACK do=then-sense:03/72/00"
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"
expect(drive:owner()):is ""
expect(drive:disc().status):is "complete"
expect(drive:compare(1, music)):is "same"

-- SPDX-License-Identifier: MIT
scenario "between PrepareMedia and ReleaseMedia nobody ejects the disc, neither we nor another"
needs { "extension" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { recorder = recorder, client_name = "Recorder 1.0" }
local other = drive:initiator "other"
local stranger = drive:recorder()

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(recorder, "EjectMedia")):fails() -- MEDIUM REMOVAL PREVENTED
expect(call(stranger, "EjectMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(other:send "1B 00 00 00 02 00"):is "RESERVATION CONFLICT"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(call(stranger, "EjectMedia")):is "S_OK"

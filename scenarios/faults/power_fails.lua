-- SPDX-License-Identifier: MIT
scenario "the power fails in the midst of a track: the call ends, and so does each later one"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { recorder = recorder, client_name = "Faults 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) lba=1000 do=power"
expect(call(tao, "AddAudioTrack", audio { sectors = 2000 })):is "0x80070037"
expect(call(tao, "AddAudioTrack", audio())):is "0x80070037"
expect(get(recorder, "ExclusiveAccessOwner")):is "0x80070037"
expect(call(recorder, "EjectMedia")):is "0x80070037"
expect(get(recorder, "VendorId")):is "S_OK" -- read when it was there
expect(call(tao, "ReleaseMedia")):is "0x80070037"
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
expect(drive:record "power-off"):matches { { clean = false } }

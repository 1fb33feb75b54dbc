-- SPDX-License-Identifier: MIT
scenario "a session that cannot be closed is told; the drive is free and the format idle all the same"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio()

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
drive:fault "op=CLOSE_TRACK count=all do=sense:03/72/00" -- SESSION FIXATION ERROR
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"
expect(drive:owner()):is ""
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
expect(put(tao, "ClientName", "Other")):is "S_OK"
drive:clear_faults()
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
expect(drive:send "5B 00 02 00 00 00 00 00 00 00"):is "GOOD" -- another program closes it
expect(drive:compare(1, music)):is "same"

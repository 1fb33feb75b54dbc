-- SPDX-License-Identifier: MIT
scenario "a disc that looks as it did before the burn passes for blank, but takes no second burn"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio()

drive:fault "op=READ_DISC_INFORMATION nth=5 count=all do=stale"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(call(tao, "PrepareMedia")):fails()
expect(drive:owner()):is ""
drive:clear_faults()
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
expect(drive:compare(1, music)):is "same"

-- SPDX-License-Identifier: MIT
scenario "disc information of before the session was closed is not taken for a blank disc"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio()

drive:fault "op=READ_DISC_INFORMATION nth=2 count=all do=stale" -- remembered from now on
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
expect(drive:owner()):is ""
drive:clear_faults()
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
expect(drive:compare(1, music)):is "same"

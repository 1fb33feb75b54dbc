-- SPDX-License-Identifier: MIT
scenario "a short track needs the 300 sectors that it is padded to"
needs { "fresh" }

local drive = blank_disc { sectors = 751 } -- 300 and 152, and 299
local tao = drive:track_at_once { client_name = "Space 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(get(tao, "FreeSectorsOnMedia")):gives(0) -- 299 are no track
expect(call(tao, "AddAudioTrack", audio { sectors = 299 })):is "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE"
expect(call(tao, "AddAudioTrack", audio { frames = 1 })):is "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(#drive:tracks()):is(1)

-- SPDX-License-Identifier: MIT
scenario "what FreeSectorsOnMedia says after a track is what the next one may have"
needs { "fresh" }

local drive = blank_disc { sectors = 1500 }
local tao = drive:track_at_once { client_name = "Space 1.0" }
local last = audio { sectors = 1048 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(get(tao, "FreeSectorsOnMedia")):gives(1048) -- 1500 - 300 - 152
expect(call(tao, "AddAudioTrack", audio { sectors = 1049 })):is "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE"
expect(call(tao, "AddAudioTrack", last)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:compare(2, last)):is "same"
expect(drive:tracks()):matches { { start = 0, blocks = 302 }, { start = 452, blocks = 1050 } }

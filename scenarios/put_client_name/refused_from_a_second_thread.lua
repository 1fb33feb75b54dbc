-- SPDX-License-Identifier: MIT
scenario "a second thread cannot change the name while a track is being written"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local track = audio { sectors = 400, hold_at = 100 * 2352 }

expect(call(tao, "PrepareMedia")):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", track)
track:await()
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(drive:owner()):is "First Burner 1.0"
track:go()
expect(finish(burning)):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "a second thread cancels a track that is being written"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Example 1.0" }
local music = audio { sectors = 4000, hold_at = 1000 * 2352 }

expect(call(tao, "PrepareMedia")):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", music)
music:await()
expect(put(tao, "ClientName", "Other")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
expect(call(tao, "CancelAddTrack")):is "S_OK"
music:go()
expect(finish(burning)):is "E_IMAPI_REQUEST_CANCELLED"
expect(call(tao, "ReleaseMedia")):is "S_OK"

local written = drive:tracks()[1].blocks
expect(written):at_least(302)
expect(written):at_most(4001)
expect(drive:compare(1, music, { blocks = 300 })):is "same"

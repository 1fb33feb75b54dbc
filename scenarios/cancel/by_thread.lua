-- SPDX-License-Identifier: MIT
scenario "another thread cancels: the call is answered at once, the track ends, nothing is lost"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local music = audio { sectors = 4000, hold_at = 700 * 2352 }
local second = audio { sectors = 400, seed = 2 }

expect(call(tao, "PrepareMedia")):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", music)
music:await()
expect(in_thread(call, tao, "CancelAddTrack")):is "S_OK"
music:go()
expect(finish(burning)):is "E_IMAPI_REQUEST_CANCELLED"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(call(tao, "AddAudioTrack", second)):is "S_OK" -- the cancel is forgotten
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:compare(1, music, { blocks = 600 })):is "same"
expect(drive:compare(2, second)):is "same"

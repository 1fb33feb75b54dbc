-- SPDX-License-Identifier: MIT
scenario "a stream that is shorter than it said is an error, and a proper track of what came"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local music = audio { sectors = 1000, ends_after = 350 * 2352 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "0x80070026" -- HRESULT_FROM_WIN32(ERROR_HANDLE_EOF)
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 352 } }
expect(drive:compare(1, music, { blocks = 350 })):is "same"

-- SPDX-License-Identifier: MIT
scenario "a stream that fails ends its track properly; its own HRESULT comes back, and burning goes on"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local broken = audio { sectors = 2000, fail_after = 500 * 2352 + 1000, fail_with = "E_ACCESSDENIED" }
local good = audio { sectors = 310, seed = 2 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", broken)):is "E_ACCESSDENIED"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(get(tao, "UsedSectorsOnMedia")):gives(501 + 152)
expect(drive:owner()):is "Tracks 1.0"
expect(call(tao, "AddAudioTrack", good)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""

expect(drive:tracks()):matches { { start = 0, blocks = 503 }, { start = 653, blocks = 312 } }
expect(drive:compare(1, broken, { blocks = 500 })):is "same"
expect(drive:read(500, 1):sub(1001) == string.rep("\0", 1352)):is(true)
expect(drive:compare(2, good)):is "same"

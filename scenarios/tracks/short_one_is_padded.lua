-- SPDX-License-Identifier: MIT
scenario "a track below four seconds is padded with silence to 300 sectors"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local frame, almost = audio { frames = 1 }, audio { bytes = 300 * 2352 - 4 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", frame)):is "S_OK"
expect(get(tao, "UsedSectorsOnMedia")):gives(452)
expect(call(tao, "AddAudioTrack", almost)):is "S_OK"
expect(get(tao, "UsedSectorsOnMedia")):gives(904)
expect(call(tao, "ReleaseMedia")):is "S_OK"

expect(drive:tracks()):matches { { start = 0, blocks = 302 }, { start = 452, blocks = 302 } }
expect(drive:compare(1, frame)):is "same"
expect(drive:compare(2, almost)):is "same"
expect(drive:read(1, 299) == string.rep("\0", 299 * 2352)):is(true)

-- SPDX-License-Identifier: MIT
scenario "a track whose length is no multiple of 2352 has its last sector padded with zeros"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local one_frame_more, one_frame_less = audio { frames = 400 * 588 + 1 }, audio { frames = 400 * 588 - 1 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", one_frame_more)):is "S_OK"
expect(call(tao, "AddAudioTrack", one_frame_less)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

expect(drive:tracks()):matches { { start = 0, blocks = 403 }, { start = 553, blocks = 402 } }
expect(drive:compare(1, one_frame_more)):is "same"
expect(drive:compare(2, one_frame_less)):is "same"
expect(drive:read(400, 1):sub(5) == string.rep("\0", 2348)):is(true)
expect(drive:read(953 - 1, 1):sub(-4)):is "\0\0\0\0"

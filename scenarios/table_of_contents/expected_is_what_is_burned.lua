-- SPDX-License-Identifier: MIT
scenario "the expected table of contents is, byte for byte, what READ TOC answers afterwards"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Contents 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 1000 })):is "S_OK"
local expected = get(tao, "ExpectedTableOfContents")
expect(call(tao, "ReleaseMedia")):is "S_OK"

expect(expected):gives {
  "\x00\x1A\x01\x02" ..                  -- 26 bytes follow, tracks 1 to 2
  "\x00\x10\x01\x00\x00\x00\x00\x00" ..  -- ADR 1, audio, track 1 at 0
  "\x00\x10\x02\x00\x00\x00\x01\xC4" ..  -- track 2 at 452
  "\x00\x10\xAA\x00\x00\x00\x05\xAE"     -- lead-out at 452 + 1002 = 1454
}
expect(drive:send "43 00 00 00 00 00 00 04 00 00"):gives(
  "00 1A 01 02 00 10 01 00 00 00 00 00 00 10 02 00 00 00 01 C4 00 10 AA 00 00 00 05 AE")

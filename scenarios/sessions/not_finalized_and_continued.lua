-- SPDX-License-Identifier: MIT
scenario "a disc that was not finalized is continued by another program's raw commands"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0", do_not_finalize = true }
local music = audio { sectors = 300 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
-- two sessions: the closed one, and the empty one that may come; its track 2 is the invisible one
expect(drive:disc()):matches { status = "appendable", sessions = 2, first_track = 1, last_track = 2 }

-- READ TRACK INFORMATION FFh: track 2, session 2, audio or not yet known, blank, NWA valid;
-- lead-out 302 + 11400 = 11702 = 2DB6h
local next = drive:send "52 01 00 00 00 FF 00 00 24 00"
expect(next):is "GOOD"
expect(next.data:byte(3)):is(2)
expect(next.data:byte(4)):is(2)
expect(next.data:byte(8) & 1):is(1)
expect(string.unpack(">i4", next.data, 13)):is(11702)

-- MODE SELECT of page 05h: BUFE, TAO; final session, audio; block type 0; pause 150
local page = "05 32 41 00 00 00 00 00 00 00 00 00 00 00 00 96" .. string.rep(" 00", 36)
expect(drive:send("55 10 00 00 00 00 00 00 3C 00", { out = "00 00 00 00 00 00 00 00 " .. page })):is
  "GOOD"
local block = string.rep("A5", 2352)
for i = 0, 9 do -- WRITE(10), thirty blocks each
  local lba = string.format("%08X", 11702 + 30 * i)
  expect(drive:send("2A 00" .. lba .. "00 00 1E 00", { out = string.rep(block, 30) })):is "GOOD"
end
expect(drive:send "35 00 00 00 00 00 00 00 00 00"):is "GOOD"
expect(drive:send "5B 00 02 00 00 00 00 00 00 00"):is "GOOD"

expect(drive:disc()):matches { status = "complete", sessions = 2, last_track = 2 }
expect(drive:tracks()):matches {
  { number = 1, session = 1, start = 0, blocks = 302 },
  { number = 2, session = 2, start = 11702, blocks = 302 },
}
expect(drive:compare(1, music)):is "same"
expect(drive:read(11702 + 299, 1) == string.rep("\xA5", 2352)):is(true)

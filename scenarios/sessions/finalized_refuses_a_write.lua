-- SPDX-License-Identifier: MIT
scenario "a finalized disc has no next writable address, and its drive refuses a WRITE"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0" }

expect(get(tao, "DoNotFinalizeMedia")):gives(false)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc()):matches { status = "complete", sessions = 1, last_track = 1 }
-- READ DISC INFORMATION: finalized 0Eh; next lead-in and last lead-out FFFFFFFFh
expect(drive:send "51 00 00 00 00 00 00 00 22 00"):gives(
  "00 20 0E 01 01 01 01 .. .. 00 00 00 .. .. .. .. FF FF FF FF FF FF FF FF ...")
expect(drive:send "52 01 00 00 00 FF 00 00 24 00"):is "05/24/00"
expect(drive:send("2A 00 00 00 01 C4 00 00 01 00", { out = string.rep("00", 2352) })):is "05/30/05"
expect(drive:disc()):matches { status = "complete", sessions = 1, last_track = 1 }

-- SPDX-License-Identifier: MIT
scenario "the closed session of a disc that was not finalized says where the next one may begin"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0", do_not_finalize = true }

expect(get(tao, "DoNotFinalizeMedia")):gives(true)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
-- READ TOC format 2, after A0, A1, A2 (lead-out 00:06:02) and track 1: B0 is the next program area,
-- lead-out + 2:30:00, with two points of mode 5 and the last possible lead-out 79:59:74; then C0
expect(drive:send "43 02 02 00 00 00 01 04 00 00"):gives(
  "00 44 01 01" ..
  "01 10 00 A0 00 00 00 00 01 00 00" ..
  "01 10 00 A1 00 00 00 00 01 00 00" ..
  "01 10 00 A2 00 00 00 00 00 06 02" ..
  "01 10 00 01 00 00 00 00 00 02 00" ..
  "01 50 00 B0 02 24 02 02 4F 3B 4A" ..
  "01 50 00 C0 .. .. .. 00 61 1A 42")

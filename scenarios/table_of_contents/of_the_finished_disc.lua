-- SPDX-License-Identifier: MIT
scenario "READ TOC knows no track of a blank disc, and the full form knows its session afterwards"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Contents 1.0" }

expect(drive:send "43 00 00 00 00 00 00 04 00 00"):is "05/24/00"
expect(drive:send "43 02 02 00 00 00 00 04 00 00"):is "05/24/00"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
-- what another initiator is told: parameters were changed, the medium may have been
expect(drive:send "00 00 00 00 00 00"):is "06/2A/01"
expect(drive:send "00 00 00 00 00 00"):is "06/28/00"
-- format 0 in MSF: track 1 at 00:02:00, lead-out 302 + 150 = 00:06:02
expect(drive:send "43 02 00 00 00 00 00 04 00 00"):gives
  "00 12 01 01 00 10 01 00 00 00 02 00 00 10 AA 00 00 00 06 02"
-- format 2: points A0, A1, A2 and 1; a disc that is finalized at once has no B0
expect(drive:send "43 02 02 00 00 00 01 04 00 00"):gives(
  "00 2E 01 01" ..
  "01 10 00 A0 00 00 00 00 01 00 00" ..
  "01 10 00 A1 00 00 00 00 01 00 00" ..
  "01 10 00 A2 00 00 00 00 00 06 02" ..
  "01 10 00 01 00 00 00 00 00 02 00")

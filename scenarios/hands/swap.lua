-- SPDX-License-Identifier: MIT
scenario "discs are swapped by hand, and each program sees it"
needs { "hands", "record" }

local drive = blank_disc "80min"
local one = drive:initiator "one"
local two = drive:initiator "two"
local events = "4A 01 00 00 10 00 00 00 08 00"

expect(drive:look()):matches { open = false, disc = true, locked = false, write_state = "idle" }
expect(drive:insert "74min"):is "refused"
expect(drive:eject()):is "done"
expect(drive:eject()):is "refused"
expect(one:send "00 00 00 00 00 00"):is "02/3A/02"
expect(one:send(events)):gives "00 06 04 .. 03 01 00 00"
expect(drive:insert "74min"):is "done"
for _, nexus in ipairs { one, two } do
  expect(nexus:send(events)):gives "00 06 04 .. 02 02 00 00"
  expect(nexus:send "00 00 00 00 00 00"):is "06/28/00"
  expect(nexus:send "00 00 00 00 00 00"):is "GOOD"
  expect(nexus:send(events)):gives "00 06 04 .. 00 02 00 00"
end
expect(drive:disc().status):is "blank"
expect(drive:record "medium-ejected"):matches { { nexus = null } }
expect(drive:record "medium-loaded"):matches { { nexus = null } }

local tao = drive:track_at_once { client_name = "Burner 1.0" }
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

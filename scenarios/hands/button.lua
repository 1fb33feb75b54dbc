-- SPDX-License-Identifier: MIT
scenario "the button opens the tray, or asks who has locked it"
needs { "hands" }

local drive = blank_disc "80min"
local host = drive:initiator "host"
local events = "4A 01 00 00 10 00 00 00 08 00"

expect(host:send "1E 00 00 00 01 00"):is "GOOD"
expect(drive:button()):is "locked"
expect(host:send(events)):gives "00 06 04 .. 01 02 00 00" -- eject request
expect(host:send "1B 00 00 00 02 00"):is "05/53/02"
expect(host:send "1E 00 00 00 00 00"):is "GOOD"
expect(drive:button()):is "done"
expect(host:send(events)):gives "00 06 04 .. 03 01 00 00"
expect(drive:button()):is "done"
expect(host:send(events)):gives "00 06 04 .. 02 02 00 00"
expect(host:send "00 00 00 00 00 00"):is "06/28/00"

-- persistently: the button asks, a host ejects
expect(host:send "1E 00 00 00 03 00"):is "GOOD"
expect(drive:button()):is "locked"
expect(drive:look().locked):is(true)
expect(host:send "1B 00 00 00 02 00"):is "GOOD"

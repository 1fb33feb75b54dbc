-- SPDX-License-Identifier: MIT
scenario "another initiator reads the name from mode page 39h for as long as the medium is prepared"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local other = drive:initiator "second"
local events = 0
-- MODE SENSE(10), current values, 80 bytes: header, page 39h of 46h bytes; free: all zero
local sense = "5A 00 39 00 00 00 00 00 50 00"
local free = "00 4E 00 00 00 00 00 00  39 46 00 00 00 00 00 00 " .. ("00 "):rep(64)
-- Byte 4: held; byte 5: not by the one who asks; "First Burner 1.0" and 48 NULs
local held = "00 4E 00 00 00 00 00 00  39 46 00 00 01 00 00 00 " ..
  "46 69 72 73 74 20 42 75 72 6E 65 72 20 31 2E 30 " .. ("00 "):rep(48)

expect(other:send(sense)):gives(free)
expect(call(tao, "PrepareMedia")):is "S_OK"
-- MODE PARAMETERS CHANGED: PrepareMedia set the write parameters page
expect(other:send(sense)):is "06/2A/01"
expect(other:send(sense)):gives(held)
on_update(tao, function()
  events = events + 1
  expect(other:send(sense)):gives(held)
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(events):at_least(3)
expect(other:send(sense)):gives(held)
expect(call(tao, "ReleaseMedia")):is "S_OK"
-- NOT READY TO READY CHANGE: the medium was written while it was held
expect(other:send(sense)):is "06/28/00"
expect(other:send(sense)):gives(free)

-- SPDX-License-Identifier: MIT
scenario "without SetWriteSpeed the fastest is asked for, and PrepareMedia sets it"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Speeds 1.0" }

expect(get(tao, "RequestedWriteSpeed")):gives(-1)
expect(get(tao, "RequestedRotationTypeIsPureCAV")):gives(false)
expect(drive:send "BB 00 FF FF 00 B0 00 00 00 00 00 00"):is "GOOD" -- SET CD SPEED, write 176 kB/s
expect(get(tao, "CurrentWriteSpeed")):gives(75)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(tao, "CurrentWriteSpeed")):gives(3600)
expect(get(tao, "CurrentRotationTypeIsPureCAV")):gives(false)
expect(get(tao, "RequestedWriteSpeed")):gives(-1)
expect(call(tao, "ReleaseMedia")):is "S_OK"

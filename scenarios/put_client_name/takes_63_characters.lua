-- SPDX-License-Identifier: MIT
scenario "a name of 63 characters is allowed, and reaches the drive whole"
needs { "extension" }

local drive = blank_disc "80min"
local longest = "012345678901234567890123456789012345678901234567890123456789:;-"
local tao = drive:track_at_once()

expect(put(tao, "ClientName", longest)):is "S_OK"
expect(get(tao, "ClientName")):gives(longest)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is(longest)
-- MODE SENSE(10) of page 39h: held, not by the one who asks, 63 characters and a NUL
expect(drive:initiator("second"):send "5A 00 39 00 00 00 00 00 50 00"):gives [[
  00 4E 00 00 00 00 00 00  39 46 00 00 01 00 00 00
  30 31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 39
  30 31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 39
  3A 3B 2D 00]]
expect(call(tao, "ReleaseMedia")):is "S_OK"

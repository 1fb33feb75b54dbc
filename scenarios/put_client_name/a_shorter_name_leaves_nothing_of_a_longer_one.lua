-- SPDX-License-Identifier: MIT
scenario "a shorter name that follows a longer one leaves nothing of it on the wire"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = ("L"):rep(63) }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(put(tao, "ClientName", "S")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:initiator("second"):send "5A 00 39 00 00 00 00 00 50 00"):gives(
  "00 4E 00 00 00 00 00 00  39 46 00 00 01 00 00 00  53 " .. ("00 "):rep(63))
expect(call(tao, "ReleaseMedia")):is "S_OK"

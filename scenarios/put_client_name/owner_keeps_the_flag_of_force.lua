-- SPDX-License-Identifier: MIT
scenario "AcquireExclusiveAccess by force shows as the flag that ignores a mounted volume"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local other = drive:initiator "second"

expect(call(recorder, "AcquireExclusiveAccess", true, "Holder")):is "S_OK"
-- Byte 3 of the page: 01
expect(other:send "5A 00 39 00 00 00 00 00 50 00"):gives
  "00 4E 00 00 00 00 00 00  39 46 00 01 01 00 00 00  48 6F 6C 64 65 72 00 ..."
expect(drive:record "exclusive-lock"):matches { { owner = "Holder", flags = 1 } }
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "MODE SENSE(6) shows the name as MODE SENSE(10) does"
needs { "extension" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local other = drive:initiator "second"

expect(call(recorder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
-- 4Bh more bytes, then the page: held, by another, "Holder" and 58 NULs
expect(other:send "1A 00 39 00 FF 00"):gives(
  "4B 00 00 00  39 46 00 00 01 00 00 00  48 6F 6C 64 65 72 " .. ("00 "):rep(58))
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(other:send "1A 00 39 00 FF 00"):gives(
  "4B 00 00 00  39 46 00 00 00 00 00 00 " .. ("00 "):rep(64))

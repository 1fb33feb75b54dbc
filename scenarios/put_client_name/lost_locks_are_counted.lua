-- SPDX-License-Identifier: MIT
scenario "log page 39h counts the locks that were lost, and remembers whose"
needs { "extension" }

local drive = blank_disc "80min"
local recorder = drive:recorder()

expect(call(recorder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
drive:reset()
expect(drive:owner()):is ""
-- From 0003h on: granted 1, refused 0, lost 1; 0010h nobody; 0011h "Holder"
expect(drive:send "4D 00 79 00 00 00 03 04 00 00"):gives(
  "39 00 00 A0  00 03 03 04 00 00 00 01  00 04 03 04 00 00 00 00  00 05 03 04 00 00 00 01 " ..
  "00 10 03 40 " .. ("00 "):rep(64) .. "00 11 03 40  48 6F 6C 64 65 72 " .. ("00 "):rep(58))
expect(call(recorder, "ReleaseExclusiveAccess")):is "0x80070006"
expect(call(recorder, "AcquireExclusiveAccess", false, "Again")):is "S_OK"
expect(drive:owner()):is "Again"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"

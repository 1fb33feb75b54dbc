-- SPDX-License-Identifier: MIT
scenario "log page 39h remembers who held the drive before, the newest first"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once()

for _, name in ipairs { "One", "Two", "Three" } do
  expect(put(tao, "ClientName", name)):is "S_OK"
  expect(call(tao, "PrepareMedia")):is "S_OK"
  expect(call(tao, "ReleaseMedia")):is "S_OK"
end
-- 0010h nobody, 0011h "Three", 0012h "Two", 0013h "One", 64 bytes each
expect(drive:send "4D 00 79 00 00 00 10 04 00 00"):gives(
  "39 00 01 10  00 10 03 40 " .. ("00 "):rep(64) ..
  "00 11 03 40  54 68 72 65 65 " .. ("00 "):rep(59) ..
  "00 12 03 40  54 77 6F " .. ("00 "):rep(61) ..
  "00 13 03 40  4F 6E 65 " .. ("00 "):rep(61))

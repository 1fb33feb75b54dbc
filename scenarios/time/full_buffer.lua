-- SPDX-License-Identifier: MIT
scenario "a full buffer takes nothing until it has drained"
needs { "time" }

local drive = blank_disc { capacity = "80min", timing = "real" }
local burner = drive:initiator "burner"
local block = string.rep("00", 2352 * 32)

-- write parameters: track-at-once with BUFE, audio
local page = "00 00 00 00 00 00 00 00 05 32 41 C0 00 00 00 00 00 00 00 00 00 00 00 96"
  .. string.rep(" 00", 32) .. " 00 00 08 00"
expect(burner:send("55 10 00 00 00 00 00 00 3C 00", { out = page })):is "GOOD"
expect(burner:send("BB 00 FF FF 00 B0 00 00 00 00 00 00")):is "GOOD" -- 1x

local function write(lba)
  return burner:send(string.format("2A 00 %08X 00 00 20 00", lba), { out = block })
end

local lba = 0
local answer = write(lba)
while answer.status == "GOOD" do
  lba = lba + 32
  answer = write(lba)
end
-- 2 MiB hold 891 sectors; the pickup takes some while this is sent, and is a second late
expect(answer):is "02/04/08"
expect(lba):at_least(864)
expect(lba):at_most(1100)
expect(burner:send "00 00 00 00 00 00"):is "GOOD"
-- nothing of it was taken: NWA
expect(burner:send "52 01 00 00 00 FF 00 00 24 00"):gives(
  "00 22 01 01 00 00 .. 01 00 00 00 00 " .. string.format("00 00 %02X %02X", lba // 256, lba % 256)
  .. " ...")
drive:pass_time(2)
expect(write(lba)):is "GOOD"
-- empty after a while, and BUFE waits
drive:pass_time(60)
expect(burner:send "5C 00 00 00 00 00 00 00 0C 00"):gives "00 0A 00 00 00 20 00 00 00 20 00 00"
expect(write(lba + 32)):is "GOOD"
expect(burner:send "35 00 00 00 00 00 00 00 00 00"):is "GOOD"

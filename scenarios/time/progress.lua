-- SPDX-License-Identifier: MIT
scenario "a drive that works on tells how far it has come"
needs { "time" }

local drive = blank_disc { capacity = "80min", timing = "real" }
local burner = drive:initiator "burner"
local page = "00 00 00 00 00 00 00 00 05 32 41 C0 00 00 00 00 00 00 00 00 00 00 00 96"
  .. string.rep(" 00", 32) .. " 00 00 08 00"

expect(burner:send("55 10 00 00 00 00 00 00 3C 00", { out = page })):is "GOOD"
expect(burner:send("BB 00 FF FF 00 B0 00 00 00 00 00 00")):is "GOOD" -- 1x
expect(burner:send("2A 00 00 00 00 00 00 00 20 00", { out = string.rep("00", 2352 * 32) }))
  :is "GOOD"
expect(burner:send "35 00 00 00 00 00 00 00 00 00"):is "GOOD" -- as long as it takes
expect(burner:send "00 00 00 00 00 00"):is "GOOD"

expect(burner:send "5B 01 02 00 00 00 00 00 00 00"):is "GOOD" -- Immed
expect(burner:send "00 00 00 00 00 00"):is "02/04/08"
expect(burner:send "51 00 00 00 00 00 00 00 22 00"):is "02/04/08"
local last = -1
for step = 1, 3 do
  -- fixed format, key 2, 04/08, SKSV, two bytes of progress
  local answer = burner:send "03 00 00 00 12 00"
  expect(answer):gives "70 00 02 00 00 00 00 0A 00 00 00 00 04 08 00 80 .. .."
  local progress = answer.data:byte(17) * 256 + answer.data:byte(18)
  expect(progress):at_least(last + 1)
  last = progress
  drive:pass_time(40)
end
expect(last):at_least(32768)
drive:pass_time(40)
expect(burner:send "03 00 00 00 12 00"):gives "70 00 00 00 00 00 00 0A 00 00 00 00 00 00 00 00 00 00"
expect(burner:send "00 00 00 00 00 00"):is "GOOD"
expect(drive:disc().sessions):is(2)

-- SPDX-License-Identifier: MIT
scenario "a speed that the drive has not becomes the nearest one, and the success code says so"

local drive = blank_disc "80min"
local tao = drive:track_at_once()
local asked = {
  { 1000, 1200 }, { 899, 600 }, { 901, 1200 },
  { 900, 600 }, -- as near to 600 as to 1200: the slower
  { 1, 75 }, { 1000000, 3600 },
}

for _, speeds in ipairs(asked) do
  expect(call(tao, "SetWriteSpeed", speeds[1], false)):is "S_IMAPI_SPEEDADJUSTED"
  expect(get(tao, "RequestedWriteSpeed")):gives(speeds[1])
  expect(get(tao, "CurrentWriteSpeed")):gives(speeds[2])
end

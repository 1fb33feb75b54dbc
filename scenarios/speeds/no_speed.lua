-- SPDX-License-Identifier: MIT
scenario "0 and numbers below -1 are no speeds, and change nothing"

local drive = blank_disc "80min"
local tao = drive:track_at_once()

expect(call(tao, "SetWriteSpeed", 600, false)):is "S_OK"
for _, speed in ipairs { 0, -2, -2147483648 } do
  expect(call(tao, "SetWriteSpeed", speed, true)):is "E_INVALIDARG"
  expect(get(tao, "RequestedWriteSpeed")):gives(600)
  expect(get(tao, "RequestedRotationTypeIsPureCAV")):gives(false)
  expect(get(tao, "CurrentWriteSpeed")):gives(600)
end

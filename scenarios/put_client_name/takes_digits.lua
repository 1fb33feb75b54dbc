-- SPDX-License-Identifier: MIT
scenario "the digits 0 to 9 are allowed, each alone and all together"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = "0123456789"

for i = 1, #all do
  expect(put(tao, "ClientName", all:sub(i, i))):is "S_OK"
  expect(get(tao, "ClientName")):gives(all:sub(i, i))
end
expect(put(tao, "ClientName", all)):is "S_OK"
expect(get(tao, "ClientName")):gives "0123456789"

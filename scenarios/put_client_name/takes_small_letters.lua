-- SPDX-License-Identifier: MIT
scenario "the small letters a to z are allowed and stay small"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = "abcdefghijklmnopqrstuvwxyz"

for i = 1, #all do
  expect(put(tao, "ClientName", all:sub(i, i))):is "S_OK"
  expect(get(tao, "ClientName")):gives(all:sub(i, i))
end
expect(put(tao, "ClientName", all)):is "S_OK"
expect(get(tao, "ClientName")):gives "abcdefghijklmnopqrstuvwxyz"

-- SPDX-License-Identifier: MIT
scenario "full stop, comma, colon, semicolon, hyphen and underscore are allowed"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = ".,:;-_"

for i = 1, #all do
  expect(put(tao, "ClientName", all:sub(i, i))):is "S_OK"
  expect(get(tao, "ClientName")):gives(all:sub(i, i))
end
expect(put(tao, "ClientName", all)):is "S_OK"
expect(get(tao, "ClientName")):gives ".,:;-_"

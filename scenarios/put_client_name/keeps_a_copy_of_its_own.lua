-- SPDX-License-Identifier: MIT
scenario "the string that was put is copied: what becomes of the original does not matter"

local tao, others = object "MsftDiscFormat2TrackAtOnce", {}

expect(put(tao, "ClientName", "Original name")):is "S_OK"
-- The caller's string is freed by now; others of the same length take its place.
for i = 1, 100 do
  others[i] = object "MsftDiscFormat2TrackAtOnce"
  expect(put(others[i], "ClientName", "Another  name")):is "S_OK"
end
expect(get(tao, "ClientName")):gives "Original name"

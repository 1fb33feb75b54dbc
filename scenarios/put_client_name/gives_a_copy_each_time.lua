-- SPDX-License-Identifier: MIT
scenario "each get_ClientName gives a string of its own, which is the caller's to free"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "First")):is "S_OK"
for _ = 1, 100 do -- late binding frees each
  expect(get(tao, "ClientName")):gives "First"
end
expect(put(tao, "ClientName", "Other")):is "S_OK"
expect(get(tao, "ClientName")):gives "Other"

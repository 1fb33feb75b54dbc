-- SPDX-License-Identifier: MIT
scenario "put_ClientName without memory leaves the name as it was, at each allocation"

local tao = object "MsftDiscFormat2TrackAtOnce"
local n = 0

expect(put(tao, "ClientName", "First")):is "S_OK"
repeat
  n = n + 1
  fail_allocation(n)
  local result = put(tao, "ClientName", "Second")
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
    expect(get(tao, "ClientName")):gives "First"
  end
until not result.refused
expect(n):at_least(2)
expect(get(tao, "ClientName")):gives "Second"

-- SPDX-License-Identifier: MIT
scenario "get_ClientName without memory says so at each allocation, and the name is not lost"

local tao = object "MsftDiscFormat2TrackAtOnce"
local n = 0

expect(put(tao, "ClientName", "First Burner 1.0")):is "S_OK"
repeat
  n = n + 1
  fail_allocation(n)
  local result = get(tao, "ClientName")
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
  else
    expect(result):gives "First Burner 1.0"
  end
until not result.refused
expect(n):at_least(2)
expect(get(tao, "ClientName")):gives "First Burner 1.0"

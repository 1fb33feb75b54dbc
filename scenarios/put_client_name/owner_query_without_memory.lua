-- SPDX-License-Identifier: MIT
scenario "get_ExclusiveAccessOwner without memory says so at each allocation, and changes nothing"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local recorder = drive:recorder()
local n = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
repeat
  n = n + 1
  fail_allocation(n)
  local result = get(recorder, "ExclusiveAccessOwner")
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
  else
    expect(result):gives "First Burner 1.0"
  end
until not result.refused
expect(n):at_least(2)
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

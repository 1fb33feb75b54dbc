-- SPDX-License-Identifier: MIT
scenario "AcquireExclusiveAccess without memory, at each allocation, takes nothing"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local n = 0

repeat
  n = n + 1
  fail_allocation(n)
  local result = call(recorder, "AcquireExclusiveAccess", false, "Holder")
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
    expect(drive:owner()):is ""
    expect(drive:record "exclusive-lock"):matches {}
  else
    expect(result):is "S_OK"
  end
until not result.refused
expect(n):at_least(2)
expect(drive:owner()):is "Holder"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK" -- once is enough
expect(drive:owner()):is ""

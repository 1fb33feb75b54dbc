-- SPDX-License-Identifier: MIT
scenario "PrepareMedia without memory at any allocation leaves no owner, and the name can be changed"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local n = 0

repeat
  n = n + 1
  expect(put(tao, "ClientName", "Try " .. n)):is "S_OK"
  fail_allocation(n)
  local result = call(tao, "PrepareMedia")
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
    expect(drive:owner()):is ""
    expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
  else
    expect(result):is "S_OK"
  end
until not result.refused
expect(n):at_least(2)
expect(drive:owner()):is("Try " .. n)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(#drive:record "exclusive-lock"):is(#drive:record "exclusive-unlock")

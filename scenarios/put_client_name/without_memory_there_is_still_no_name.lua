-- SPDX-License-Identifier: MIT
scenario "a first put_ClientName without memory leaves no name, and PrepareMedia wants one"

local drive = blank_disc "80min"
local tao = drive:track_at_once()
local n = 0

repeat
  n = n + 1
  fail_allocation(n)
  local result = put(tao, "ClientName", "First Burner 1.0")
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
    expect(get(tao, "ClientName")):gives ""
    expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
until not result.refused
expect(n):at_least(2)
expect(get(tao, "ClientName")):gives "First Burner 1.0"

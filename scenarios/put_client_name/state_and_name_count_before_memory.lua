-- SPDX-License-Identifier: MIT
scenario "the state, then the name, then the memory: a refused put_ClientName wants none"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

-- How many allocations can fail before the call ends with this HRESULT. Late binding has some too.
local function wanted(name, hresult)
  local n = 0
  repeat
    n = n + 1
    fail_allocation(n)
    local result = put(tao, "ClientName", name)
    expect(result):is(result.refused and "E_OUTOFMEMORY" or hresult)
  until not result.refused
  return n - 1
end

local late_binding = wanted("wrong/name", "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID")
expect(wanted("Second", "S_OK")):is(late_binding + 1) -- the stored copy
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(wanted("Third", "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED")):is(late_binding)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(get(tao, "ClientName")):gives "Second"

-- SPDX-License-Identifier: MIT
scenario "the state, then the name, then the memory: a refused put_ClientName allocates nothing"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

fail_allocation(1)
local bad = put(tao, "ClientName", "wrong/name")
expect(bad):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(bad.refused):is(false)
expect(call(tao, "PrepareMedia")):is "S_OK"
fail_allocation(1)
local prepared = put(tao, "ClientName", "Second")
expect(prepared):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(prepared.refused):is(false)
expect(call(tao, "ReleaseMedia")):is "S_OK"

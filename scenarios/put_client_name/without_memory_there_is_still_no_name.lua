-- SPDX-License-Identifier: MIT
scenario "a first put_ClientName without memory leaves no name, and PrepareMedia wants one"

local drive = blank_disc "80min"
local tao = drive:track_at_once()

fail_allocation(1)
expect(put(tao, "ClientName", "First Burner 1.0")):is "E_OUTOFMEMORY"
expect(get(tao, "ClientName")):gives ""
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(put(tao, "ClientName", "First Burner 1.0")):is "S_OK"
expect(get(tao, "ClientName")):gives "First Burner 1.0"

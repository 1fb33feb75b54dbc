-- SPDX-License-Identifier: MIT
scenario "PrepareMedia needs no memory of the API's that could fail it with the drive locked"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

fail_allocation(1)
local prepared = call(tao, "PrepareMedia")
expect(prepared):is "S_OK"
expect(prepared.refused):is(false)
expect(drive:owner()):is "First Burner 1.0"
fail_allocation(1)
local released = call(tao, "ReleaseMedia")
expect(released):is "S_OK"
expect(released.refused):is(false)
expect(drive:owner()):is ""

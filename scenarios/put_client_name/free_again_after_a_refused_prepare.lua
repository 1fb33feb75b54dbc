-- SPDX-License-Identifier: MIT
scenario "after a PrepareMedia that failed, the name can be changed: nothing is prepared"
needs { "extension" }

local drive = blank_disc "80min"
local holder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(holder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(call(holder, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Second"
expect(call(tao, "ReleaseMedia")):is "S_OK"

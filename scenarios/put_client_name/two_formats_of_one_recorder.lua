-- SPDX-License-Identifier: MIT
scenario "two formats of one recorder share its lock: the first name stays until both have released"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local first = drive:track_at_once { client_name = "First", recorder = recorder }
local second = drive:track_at_once { client_name = "Second", recorder = recorder }

expect(call(first, "PrepareMedia")):is "S_OK"
expect(call(second, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "First"
expect(get(second, "ClientName")):gives "Second"
expect(call(first, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is "First"
expect(call(second, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches { { owner = "First" } }
expect(drive:record "exclusive-unlock"):matches { { owner = "First" } }

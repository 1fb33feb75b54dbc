-- SPDX-License-Identifier: MIT
scenario "the same name does not open the lock: a client of the holder's name is a stranger"
needs { "extension", "record" }

local drive = blank_disc "80min"
local first = drive:track_at_once { client_name = "Burner" }
local second = drive:track_at_once { client_name = "Burner" }

expect(call(first, "PrepareMedia")):is "S_OK"
expect(call(second, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(drive:record "exclusive-denied"):matches { { owner = "Burner", wanted = "Burner" } }
expect(call(first, "ReleaseMedia")):is "S_OK"

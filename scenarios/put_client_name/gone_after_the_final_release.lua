-- SPDX-License-Identifier: MIT
scenario "the final Release of a prepared object gives the drive back"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "First Burner 1.0"
expect(release(tao)):is(0)
expect(drive:owner()):is ""
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(drive:record "exclusive-unlock"):matches { { owner = "First Burner 1.0" } }
expect(drive:record "exclusive-lost"):matches {}

-- SPDX-License-Identifier: MIT
scenario "a program that gives up its own lock while prepared leaves the drive to PrepareMedia's"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "Inner", recorder = recorder }

expect(call(recorder, "AcquireExclusiveAccess", false, "Outer")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is "Outer"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:record "exclusive-unlock"):matches { { owner = "Outer" } }

-- SPDX-License-Identifier: MIT
scenario "PrepareMedia of a drive that this recorder holds counts up, and keeps the first name"
needs { "extension" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { recorder = recorder, client_name = "Format 1.0" }

expect(call(recorder, "AcquireExclusiveAccess", false, "Program 1.0")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Program 1.0"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is "Program 1.0"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is ""

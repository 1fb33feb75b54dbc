-- SPDX-License-Identifier: MIT
scenario "PrepareMedia within the program's own lock counts up, and the outer name stays the owner"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "Inner", recorder = recorder }

expect(call(recorder, "AcquireExclusiveAccess", false, "Outer")):is "S_OK"
expect(put(tao, "ClientName", "Inner 2")):is "S_OK" -- held, but nothing is prepared
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Outer"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Outer"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is "Outer"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:record()):includes {
  { event = "exclusive-lock", owner = "Outer" },
  { event = "track-opened", track = 1, owner = "Outer" },
  { event = "session-closed", owner = "Outer" },
  { event = "exclusive-unlock", owner = "Outer" },
}
expect(drive:record "exclusive-lock"):matches { { owner = "Outer" } }

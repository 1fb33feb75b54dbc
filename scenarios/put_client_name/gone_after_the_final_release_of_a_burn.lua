-- SPDX-License-Identifier: MIT
scenario "the final Release after a track closes the disc in the owner's name and frees the drive"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(release(tao)):is(0)
expect(drive:owner()):is ""
expect(drive:disc().status):is "complete"
expect(drive:record()):includes {
  { event = "exclusive-lock", owner = "First Burner 1.0" },
  { event = "session-closed", finalized = true, owner = "First Burner 1.0" },
  { event = "exclusive-unlock", owner = "First Burner 1.0" },
}

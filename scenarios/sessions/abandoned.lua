-- SPDX-License-Identifier: MIT
scenario "the last Release of a prepared format closes the session and frees the drive"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0" }
local music = audio { sectors = 350 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(drive:owner()):is "Sessions 1.0"
expect(release(tao)):is(0)
expect(drive:owner()):is ""
expect(drive:disc().status):is "complete"
expect(drive:compare(1, music)):is "same"
expect(drive:record "session-closed"):matches {
  { session = 1, tracks = 1, finalized = true, owner = "Sessions 1.0" },
}

-- SPDX-License-Identifier: MIT
scenario "the record has each state of a session, with who held the drive"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0" }
local owner = "Sessions 1.0"

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 500 })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:record "write-state"):matches {
  { from = "idle", to = "writing", owner = owner, track = 1, lba = 0 },
  { from = "writing", to = "flushing", owner = owner, track = 1, blocks = 300 },
  { from = "flushing", to = "closing-track", owner = owner, track = 1 },
  { from = "closing-track", to = "idle", owner = owner, track = 1 },
  { from = "idle", to = "writing", owner = owner, track = 2, lba = 452 },
  { from = "writing", to = "flushing", owner = owner, track = 2, blocks = 500 },
  { from = "flushing", to = "closing-track", owner = owner, track = 2 },
  { from = "closing-track", to = "idle", owner = owner, track = 2 },
  { from = "idle", to = "closing-session", owner = owner },
  { from = "closing-session", to = "idle", owner = owner },
}
expect(drive:record()):includes {
  { event = "exclusive-lock", owner = owner, via = "extension" },
  { event = "track-opened", track = 1, session = 1, start = 0, owner = owner },
  { event = "track-closed", track = 1, session = 1, start = 0, blocks = 300, owner = owner },
  { event = "track-opened", track = 2, start = 452 },
  { event = "track-closed", track = 2, blocks = 500 },
  { event = "session-closed", session = 1, tracks = 2, finalized = true, owner = owner },
  { event = "exclusive-unlock", owner = owner },
}

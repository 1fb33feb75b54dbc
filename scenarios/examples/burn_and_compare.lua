-- SPDX-License-Identifier: MIT
-- Two tracks of known samples, read back over the wire, and what the record says of them.
scenario "what is burned is what is read back, and the record says who wrote it"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Example 1.0" }
local short, long = audio { frames = 1000 }, audio { sectors = 400, sound = "tone", hertz = 1000 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", short)):is "S_OK"
expect(call(tao, "AddAudioTrack", long)):is "S_OK"
expect(get(tao, "NumberOfExistingTracks")):gives(2)
expect(call(tao, "ReleaseMedia")):is "S_OK"

expect(drive:disc().status):is "complete"
expect(drive:tracks()):matches { { start = 0, blocks = 302 }, { start = 452, blocks = 402 } }
expect(drive:compare(1, short)):is "same"
expect(drive:compare(2, long)):is "same"
expect(drive:record()):includes {
  { event = "exclusive-lock", owner = "Example 1.0", via = "extension" },
  { event = "track-opened", track = 1, owner = "Example 1.0" },
  { event = "track-closed", track = 2 },
  { event = "session-closed", finalized = true },
  "exclusive-unlock",
}

-- SPDX-License-Identifier: MIT
scenario "every line of the record from lock to unlock has the name, and no other line does"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once {
  client_name = "First Burner 1.0", initiator = "iqn.2026-01.example:first",
}
local before = drive:mark()
local owner, nexus = "First Burner 1.0", { initiator = "iqn.2026-01.example:first" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 400 })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
local lines = drive:record { since = before }
expect(lines):matches {
  { event = "exclusive-lock", owner = owner, nexus = nexus, flags = 0, via = "extension" },
  { event = "track-opened", owner = owner, track = 1, session = 1, mode = "audio", start = 0,
    blocks = 0 },
  { event = "write-state", from = "idle", to = "writing", owner = owner, nexus = nexus, track = 1,
    lba = 0, blocks = 0 },
  { event = "write-state", from = "writing", to = "flushing", owner = owner, nexus = nexus,
    track = 1, lba = 400, blocks = 400 },
  { event = "write-state", from = "flushing", to = "closing-track", owner = owner, nexus = nexus },
  { event = "track-closed", owner = owner, track = 1, session = 1, mode = "audio", start = 0,
    blocks = 400 },
  { event = "write-state", from = "closing-track", to = "idle", owner = owner, nexus = nexus },
  { event = "write-state", from = "idle", to = "closing-session", owner = owner, nexus = nexus },
  { event = "session-closed", owner = owner, session = 1, tracks = 1, finalized = true },
  { event = "write-state", from = "closing-session", to = "idle", owner = owner, nexus = nexus },
  { event = "exclusive-unlock", owner = owner, nexus = nexus, flags = 0, via = "extension" },
}
for i = 2, #lines do
  expect(lines[i].seq):is(lines[i - 1].seq + 1)
end

-- SPDX-License-Identifier: MIT
scenario "a holder that is killed amid a track loses the drive; its track stays open"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local doomed = process(function()
  local tao = drive:track_at_once { client_name = "Doomed" }
  local track = audio { sectors = 2000, hold_at = 1000 * 2352 }
  expect(call(tao, "PrepareMedia")):is "S_OK"
  local burning = start(call, tao, "AddAudioTrack", track)
  track:await()
  tell "writing"
  stay()
  expect(finish(burning)):is "S_OK"
end)

expect(doomed:hear()):is "writing"
drive:await { event = "track-opened", track = 1, owner = "Doomed" }
expect(drive:owner()):is "Doomed"
kill(doomed)
drive:await { event = "exclusive-lost", owner = "Doomed", cause = "nexus-lost" }
expect(drive:owner()):is ""
expect(drive:tracks()[1]):matches { number = 1, open = true }
expect(drive:record "track-closed"):matches {}

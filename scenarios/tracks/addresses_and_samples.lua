-- SPDX-License-Identifier: MIT
scenario "tracks lie where track at once puts them, and hold the samples that were given"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Tracks 1.0" }
local music = {
  audio { sectors = 450, seed = 1 },
  audio { sectors = 300, sound = "tone", hertz = 440 },
  audio { sectors = 1000, seed = 3 },
}

expect(call(tao, "PrepareMedia")):is "S_OK"
for number, stream in ipairs(music) do
  expect(call(tao, "AddAudioTrack", stream)):is "S_OK"
  expect(get(tao, "NumberOfExistingTracks")):gives(number)
end
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- each two of run-out longer than what was written, 150 of gap to the next
expect(drive:tracks()):matches {
  { number = 1, session = 1, start = 0, blocks = 452, audio = true, open = false },
  { number = 2, session = 1, start = 602, blocks = 302, audio = true, open = false },
  { number = 3, session = 1, start = 1054, blocks = 1002, audio = true, open = false },
}
for number, stream in ipairs(music) do
  expect(drive:compare(number, stream)):is "same"
end
expect(drive:disc()):matches { status = "complete", sessions = 1, first_track = 1, last_track = 3 }

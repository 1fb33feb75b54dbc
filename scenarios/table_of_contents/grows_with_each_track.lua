-- SPDX-License-Identifier: MIT
scenario "the expected table of contents grows with each track"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Contents 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
for track = 1, 3 do
  expect(call(tao, "AddAudioTrack", audio { frames = 1 })):is "S_OK"
  local toc = get(tao, "ExpectedTableOfContents").value
  expect(#toc):is(1)
  expect(#toc[1]):is(4 + 8 * (track + 1))
  expect(toc[1]:byte(4)):is(track)
  expect(string.unpack(">I4", toc[1], #toc[1] - 3)):is(452 * (track - 1) + 302) -- the lead-out
end
expect(call(tao, "ReleaseMedia")):is "S_OK"

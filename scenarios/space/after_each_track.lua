-- SPDX-License-Identifier: MIT
scenario "a track takes its sectors, two of run-out, and the gap of 150 before the next"
needs { "fresh" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Space 1.0" }

local function sectors(used)
  expect(get(tao, "TotalSectorsOnMedia")):gives(359847)
  expect(get(tao, "UsedSectorsOnMedia")):gives(used)
  expect(get(tao, "FreeSectorsOnMedia")):gives(359847 - used)
end

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
sectors(452)
expect(call(tao, "AddAudioTrack", audio { sectors = 1000 })):is "S_OK"
sectors(452 + 1152)
expect(get(tao, "NumberOfExistingTracks")):gives(2)
expect(get(tao, "MediaPhysicallyBlank")):gives(false)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 302 }, { start = 452, blocks = 1002 } }

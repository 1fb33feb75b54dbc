-- SPDX-License-Identifier: MIT
scenario "while a track is written the sectors stay those from before it, for handlers and threads"
needs { "fresh" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Space 1.0" }
local events = 0

local function sectors(used)
  expect(in_thread(get, tao, "TotalSectorsOnMedia")):gives(359847)
  expect(get(tao, "FreeSectorsOnMedia")):gives(359847 - used)
  expect(in_thread(get, tao, "UsedSectorsOnMedia")):gives(used)
end

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
on_update(tao, function()
  events = events + 1
  sectors(452)
  expect(get(tao, "NumberOfExistingTracks")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(get(tao, "MediaPhysicallyBlank")):gives(false)
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 600, on_read = function() sectors(452) end })):is
  "S_OK"
expect(events):at_least(3)
sectors(452 + 752)
expect(get(tao, "NumberOfExistingTracks")):gives(2)
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "a track of one frame more than fits is refused before anything is written"
needs { "fresh", "extension", "record" }

local drive = blank_disc { sectors = 1500 }
local tao = drive:track_at_once { client_name = "Space 1.0" }
local events = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function() events = events + 1 end)
expect(call(tao, "AddAudioTrack", audio { bytes = 1500 * 2352 + 4 })):is
  "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE"
expect(call(tao, "AddAudioTrack", audio { sectors = 100000 })):is "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE"
expect(events):is(0)
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(get(tao, "FreeSectorsOnMedia")):gives(1500)
expect(drive:owner()):is "Space 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc().status):is "blank"
expect(drive:record "write-state"):matches {}

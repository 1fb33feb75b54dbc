-- SPDX-License-Identifier: MIT
scenario "a handler that cancels while the track is prepared leaves the disc blank"
needs { "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local actions = {}

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function(progress)
  actions[#actions + 1] = get(progress, "CurrentAction").value
  expect(call(tao, "CancelAddTrack")):is "S_OK"
end)
expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_REQUEST_CANCELLED"
expect(actions):is { 1 }
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(get(tao, "MediaPhysicallyBlank")):gives(true)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc().status):is "blank"
expect(drive:record "track-opened"):matches {}

-- SPDX-License-Identifier: MIT
scenario "a cancel that comes while the track is finished shortens nothing, but is told"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local music = audio { sectors = 500 }

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function(progress)
  if get(progress, "CurrentAction").value == 3 then -- finishing
    expect(call(tao, "CancelAddTrack")):is "S_OK"
  end
end)
expect(call(tao, "AddAudioTrack", music)):is "E_IMAPI_REQUEST_CANCELLED"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 502 } }
expect(drive:compare(1, music)):is "same"

-- SPDX-License-Identifier: MIT
scenario "a handler cancels: AddAudioTrack says so, the track is shorter, and burning may go on"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local music, second = audio { sectors = 4000 }, audio { sectors = 320, seed = 2 }

expect(call(tao, "PrepareMedia")):is "S_OK"
local handler = on_update(tao, function(progress)
  if get(progress, "CurrentAction").value == 2 then -- writing
    expect(call(tao, "CancelAddTrack")):is "S_OK"
    expect(call(tao, "CancelAddTrack")):is "S_OK"
  end
end)
expect(call(tao, "AddAudioTrack", music)):is "E_IMAPI_REQUEST_CANCELLED"
off_update(tao, handler)
expect(get(tao, "NumberOfExistingTracks")):gives(0) -- nothing had been sent yet
expect(drive:owner()):is "Cancel 1.0"
expect(put(tao, "ClientName", "Other")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(call(tao, "AddAudioTrack", second)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 322 } }
expect(drive:compare(1, second)):is "same"

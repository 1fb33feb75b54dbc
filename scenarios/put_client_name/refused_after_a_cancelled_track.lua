-- SPDX-License-Identifier: MIT
scenario "after a track was cancelled the medium is still prepared; ReleaseMedia frees the name"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function()
  expect(call(tao, "CancelAddTrack")):is "S_OK"
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 2000 })):is "E_IMAPI_REQUEST_CANCELLED"
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "S_OK"

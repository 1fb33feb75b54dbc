-- SPDX-License-Identifier: MIT
scenario "a LUN reset amid a track ends it with ERROR_INVALID_HANDLE, even if a handler heard first"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }
local writing = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function(progress)
  if get(progress, "CurrentAction").value == 2 then -- writing
    writing = writing + 1
    if writing == 1 then
      drive:reset()
      expect(get(recorder, "ExclusiveAccessOwner")):is "0x80070006"
    end
  end
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 2000 })):is "0x80070006"
expect(writing):at_least(1)
expect(drive:record "exclusive-lost"):matches { { owner = "First Burner 1.0", cause = "reset" } }
expect(drive:owner()):is ""
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(call(tao, "ReleaseMedia")):is "0x80070006"
expect(put(tao, "ClientName", "Second")):is "S_OK"

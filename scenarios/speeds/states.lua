-- SPDX-License-Identifier: MIT
scenario "a speed may be set while prepared, not while a track is written"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Speeds 1.0" }
local events = 0

expect(call(tao, "SetWriteSpeed", 600, false)):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(tao, "CurrentWriteSpeed")):gives(600)
expect(call(tao, "SetWriteSpeed", 300, false)):is "S_OK"
expect(get(tao, "CurrentWriteSpeed")):gives(300)
on_update(tao, function()
  events = events + 1
  expect(call(tao, "SetWriteSpeed", 600, false)):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(get(tao, "RequestedWriteSpeed")):gives(300)
  expect(get(tao, "CurrentWriteSpeed")):gives(300)
end)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(events):at_least(3)
expect(get(tao, "CurrentWriteSpeed")):gives(300)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(call(tao, "SetWriteSpeed", 600, false)):is "S_OK"

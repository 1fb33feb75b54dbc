-- SPDX-License-Identifier: MIT
scenario "a thread that a handler waits for cannot change the name either, and nobody hangs"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local events = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function()
  events = events + 1
  expect(in_thread(put, tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(in_thread(get, tao, "ClientName")):gives "First Burner 1.0"
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(events):at_least(3)
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "while writing, a bad name is refused for the write and not for the name"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local events = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function()
  events = events + 1
  for _, name in ipairs { "", "wrong/name", ("a"):rep(64), "Bur\0ner" } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  end
  expect(put(tao, "ClientName", null "string")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(events):at_least(3)
expect(call(tao, "ReleaseMedia")):is "S_OK"

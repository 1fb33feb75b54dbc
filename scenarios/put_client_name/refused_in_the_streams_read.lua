-- SPDX-License-Identifier: MIT
scenario "from the stream's own Read put_ClientName is refused: a write is in progress"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local reads = 0
local track = audio { sectors = 300, on_read = function()
  reads = reads + 1
  expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(get(tao, "ClientName")):gives "First Burner 1.0"
end }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", track)):is "S_OK"
expect(reads):at_least(1)
expect(call(tao, "ReleaseMedia")):is "S_OK"

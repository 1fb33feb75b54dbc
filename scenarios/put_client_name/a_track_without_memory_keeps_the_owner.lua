-- SPDX-License-Identifier: MIT
scenario "AddAudioTrack without memory, at each allocation, leaves the medium prepared and owned"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local n = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
repeat
  n = n + 1
  fail_allocation(n)
  local result = call(tao, "AddAudioTrack", audio { sectors = 300 })
  if result.refused then
    expect(result):is "E_OUTOFMEMORY"
    expect(drive:record "track-opened"):matches {}
    expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
    expect(drive:owner()):is "First Burner 1.0"
  else
    expect(result):is "S_OK"
  end
until not result.refused
expect(n):at_least(2)
expect(drive:record "track-opened"):matches { { track = 1, owner = "First Burner 1.0" } }
expect(call(tao, "ReleaseMedia")):is "S_OK"

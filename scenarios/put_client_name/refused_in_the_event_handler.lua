-- SPDX-License-Identifier: MIT
scenario "from the event handler of a track, in each of its actions, put_ClientName is refused"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local actions = {}

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function(progress)
  actions[#actions + 1] = get(progress, "CurrentAction").value
  expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(get(tao, "ClientName")):gives "First Burner 1.0"
  expect(drive:owner()):is "First Burner 1.0"
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 400 })):is "S_OK"
expect(actions):contains(1) -- preparing
expect(actions):contains(2) -- writing
expect(actions):contains(3) -- finishing
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

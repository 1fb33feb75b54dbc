-- SPDX-License-Identifier: MIT
scenario "an event tells what is being done, and its handler may call but not release the medium"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Example 1.0" }
local actions = {}

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function(progress)
  actions[#actions + 1] = get(progress, "CurrentAction").value
  expect(get(progress, "CurrentTrackNumber")):gives(1)
  expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(actions[1]):is(1)       -- preparing
expect(actions):contains(2)    -- writing
expect(actions[#actions]):is(3) -- finishing
expect(call(tao, "ReleaseMedia")):is "S_OK"

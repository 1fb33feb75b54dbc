-- SPDX-License-Identifier: MIT
scenario "the actions of a track come in order: preparing, writing, finishing, each once or more"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Events 1.0" }
local actions = {}

on_update(tao, function(progress)
  actions[#actions + 1] = get(progress, "CurrentAction").value
end)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(actions):is {}
for track = 1, 2 do
  actions = {}
  expect(call(tao, "AddAudioTrack", audio { sectors = 400 })):is "S_OK"
  expect(#actions):at_least(3)
  expect(actions[1]):is(1)
  expect(actions[2]):is(2)
  expect(actions[#actions]):is(3)
  for i = 2, #actions do
    expect(actions[i] - actions[i - 1]):at_least(0)
  end
end
actions = {}
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(actions):is {}

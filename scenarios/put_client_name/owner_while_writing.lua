-- SPDX-License-Identifier: MIT
scenario "during AddAudioTrack the handler, a stranger and the log page all see the owner"
needs { "extension" }

local drive = blank_disc "80min"
local own, stranger = drive:recorder(), drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = own }
local events = 0

expect(call(tao, "PrepareMedia")):is "S_OK"
on_update(tao, function()
  events = events + 1
  expect(get(own, "ExclusiveAccessOwner")):gives "First Burner 1.0"
  expect(get(stranger, "ExclusiveAccessOwner")):gives "First Burner 1.0"
  expect(in_thread(get, stranger, "ExclusiveAccessOwner")):gives "First Burner 1.0"
  expect(drive:owner()):is "First Burner 1.0"
end)
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(events):at_least(3)
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "every handler hears every event, until it is taken away"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Events 1.0" }
local one, two = 0, 0

expect(call(tao, "PrepareMedia")):is "S_OK"
local first = on_update(tao, function() one = one + 1 end)
on_update(tao, function() two = two + 1 end)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(one):at_least(3)
expect(two):is(one)
off_update(tao, first)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(two):at_least(one + 3)
local before = one
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(one):is(before)
expect(call(tao, "ReleaseMedia")):is "S_OK"

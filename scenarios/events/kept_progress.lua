-- SPDX-License-Identifier: MIT
scenario "a progress object that is kept goes on saying what it said"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Events 1.0" }
local first

on_update(tao, function(progress) first = first or progress end)
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(get(first, "CurrentTrackNumber")):gives(1)
expect(get(first, "CurrentAction")):gives(1)
expect(get(first, "SectorCount")):gives(300)
expect(get(first, "LastWrittenLba")):gives(-1)

-- SPDX-License-Identifier: MIT
scenario "whoever comes first after a LUN reset has the drive, and the old holder is a stranger"
needs { "extension", "record" }

local drive = blank_disc "80min"
local stranger = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local heir = drive:track_at_once { client_name = "Heir" }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:reset()
expect(call(heir, "PrepareMedia")):is "S_OK"
expect(get(stranger, "ExclusiveAccessOwner")):gives "Heir"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):fails()
expect(call(tao, "ReleaseMedia")):fails()
expect(drive:owner()):is "Heir" -- it was not the old holder's to unlock
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(heir, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(heir, "ReleaseMedia")):is "S_OK"
expect(drive:record "track-opened"):matches { { track = 1, owner = "Heir" } }

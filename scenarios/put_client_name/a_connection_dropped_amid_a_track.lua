-- SPDX-License-Identifier: MIT
scenario "a connection dropped amid a track ends AddAudioTrack, and the drive is free for the next"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local track = audio { sectors = 2000, hold_at = 1000 * 2352 }
local heir = drive:recorder()

expect(call(tao, "PrepareMedia")):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", track)
track:await()
expect(get(heir, "ExclusiveAccessOwner")):gives "First Burner 1.0"
cut(tao)
drive:await { event = "exclusive-lost", owner = "First Burner 1.0", cause = "nexus-lost" }
expect(call(heir, "AcquireExclusiveAccess", false, "Heir")):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
track:go()
expect(finish(burning)):is "0x80070037" -- ERROR_DEV_NOT_EXIST
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(call(tao, "ReleaseMedia")):is "0x80070037"
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(drive:owner()):is "Heir"
expect(call(heir, "ReleaseExclusiveAccess")):is "S_OK"
-- The track was opened in the first one's name, and nobody has closed it.
expect(drive:record "track-opened"):matches { { track = 1, owner = "First Burner 1.0" } }
expect(drive:record "track-closed"):matches {}

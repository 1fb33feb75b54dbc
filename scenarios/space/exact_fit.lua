-- SPDX-License-Identifier: MIT
scenario "a track that fills the disc to its last sector is written whole"
needs { "fresh" }

local drive = blank_disc { sectors = 1500 }
local tao = drive:track_at_once { client_name = "Space 1.0" }
local music = audio { sectors = 1500 }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(tao, "FreeSectorsOnMedia")):gives(1500)
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
expect(get(tao, "FreeSectorsOnMedia")):gives(0)
expect(get(tao, "UsedSectorsOnMedia")):gives(1500)
expect(call(tao, "AddAudioTrack", audio { frames = 1 })):is "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:compare(1, music)):is "same"
expect(drive:tracks()):matches { { start = 0, blocks = 1502 } }

-- SPDX-License-Identifier: MIT
scenario "a WRITE that fails ends the track at what was written; the drive stays ours until ReleaseMedia"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music, second = audio { sectors = 2000 }, audio { sectors = 300, seed = 2 }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) lba=1000 do=sense:03/0C/00" -- WRITE ERROR
expect(call(tao, "AddAudioTrack", music)):is "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"
expect(drive:owner()):is "Faults 1.0"
expect(put(tao, "ClientName", "Other")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
expect(call(tao, "AddAudioTrack", second)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:compare(1, music, { blocks = 800 })):is "same"
expect(drive:compare(2, second)):is "same"
expect(#drive:record "fault"):is(1)

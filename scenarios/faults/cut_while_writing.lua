-- SPDX-License-Identifier: MIT
scenario "a connection that breaks while a track is written: the call ends, and the drive is free"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) lba=1000 do=cut"
expect(call(tao, "AddAudioTrack", audio { sectors = 2000 })):is "0x80070037" -- ERROR_DEV_NOT_EXIST
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(call(tao, "AddAudioTrack", audio())):fails()
drive:await { event = "exclusive-lost", owner = "Faults 1.0", cause = "nexus-lost" }
expect(drive:owner()):is ""
expect(call(tao, "ReleaseMedia")):fails()
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
expect(put(tao, "ClientName", "Other")):is "S_OK"

-- with a new connection the same object sees the disc that it left: not blank
local recorder = drive:recorder()
expect(put(tao, "Recorder", recorder)):is "S_OK"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
expect(drive:owner()):is ""

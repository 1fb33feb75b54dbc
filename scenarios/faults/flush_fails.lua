-- SPDX-License-Identifier: MIT
scenario "a track that cannot be flushed fails; nothing is promised, and ReleaseMedia frees the drive"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=SYNCHRONIZE_CACHE do=sense:03/0C/00"
expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"
expect(get(tao, "NumberOfExistingTracks")):gives(0)
expect(drive:owner()):is "Faults 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""

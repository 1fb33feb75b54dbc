-- SPDX-License-Identifier: MIT
scenario "an error of an earlier command, told by a later one, is not lost"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=SYNCHRONIZE_CACHE do=deferred:03/0C/00"
expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE"
expect(call(tao, "ReleaseMedia")):succeeds()
expect(drive:owner()):is ""

-- SPDX-License-Identifier: MIT
scenario "a next writable address of before is noticed, and nothing is written at it"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

drive:fault "op=READ_TRACK_INFORMATION nth=5 count=all do=stale"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):fails()
drive:clear_faults()
expect(#drive:record "track-opened"):is(1)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(#drive:tracks()):is(1)

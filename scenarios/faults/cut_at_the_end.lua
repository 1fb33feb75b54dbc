-- SPDX-License-Identifier: MIT
scenario "a connection that breaks when the session is closed: told, the disc finished, the drive free"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio()

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
drive:fault "op=CLOSE_TRACK do=then-cut"
expect(call(tao, "ReleaseMedia")):is "0x80070037"
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
drive:await { event = "exclusive-lost", owner = "Faults 1.0", cause = "nexus-lost" }
expect(drive:owner()):is ""
expect(drive:disc().status):is "complete"
expect(drive:compare(1, music)):is "same"

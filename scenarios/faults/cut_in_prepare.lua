-- SPDX-License-Identifier: MIT
scenario "a connection that breaks in PrepareMedia leaves an idle format, and a drive for others"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

drive:fault "op=READ_DISC_INFORMATION do=cut"
expect(call(tao, "PrepareMedia")):is "0x80070037"
expect(call(tao, "PrepareMedia")):is "0x80070037"
drive:await { event = "exclusive-lost", owner = "Faults 1.0" }
expect(put(tao, "Recorder", drive:recorder())):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Faults 1.0"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "a command that is never answered is a timeout; the format is idle, and the drive free"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

drive:fault "op=READ_TRACK_INFORMATION do=never"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_COMMAND_TIMEOUT"
drive:await { event = "exclusive-lost", owner = "Faults 1.0", cause = "nexus-lost" }
expect(drive:owner()):is ""
expect(put(tao, "Recorder", drive:recorder())):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

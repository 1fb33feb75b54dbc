-- SPDX-License-Identifier: MIT
scenario "a lock whose answer is lost is not kept"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

drive:fault "op=MODE_SELECT do=lose"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_COMMAND_TIMEOUT"
drive:await { event = "exclusive-lost", owner = "Faults 1.0" }
expect(drive:owner()):is ""
expect(put(tao, "Recorder", drive:recorder())):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

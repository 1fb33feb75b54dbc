-- SPDX-License-Identifier: MIT
scenario "an answer that comes later than anybody waits is a timeout, and the next object goes on"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()

drive:fault "op=READ_TRACK_INFORMATION do=delay:12s" -- ten seconds is what a question is given
local tao = drive:track_at_once { recorder = recorder, client_name = "Faults 1.0" }
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_COMMAND_TIMEOUT"
expect(put(tao, "ClientName", "Faults 2.0")):is "S_OK"
drive:await { event = "exclusive-lost", owner = "Faults 1.0" }
local second = drive:track_at_once { client_name = "Second 1.0" }
expect(call(second, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Second 1.0"
expect(call(second, "ReleaseMedia")):is "S_OK"

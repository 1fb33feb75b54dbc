-- SPDX-License-Identifier: MIT
scenario "a program that releases its recorder does not lose the lock: the format holds it"
needs { "extension" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(release(recorder)):at_least(1)
expect(drive:owner()):is "First Burner 1.0"
expect(put(tao, "Recorder", null "object")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""

-- SPDX-License-Identifier: MIT
scenario "a dropped connection ends the lock; the burner is told, and can go on with a new recorder"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
cut(tao)
drive:await { event = "exclusive-lost", owner = "First Burner 1.0", cause = "nexus-lost" }
expect(drive:owner()):is ""
-- The object is prepared until ReleaseMedia; nothing is opened again behind the program's back.
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
-- 37h: ERROR_DEV_NOT_EXIST
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "0x80070037"
expect(call(tao, "ReleaseMedia")):is "0x80070037"
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "0x80070037"
expect(drive:record "exclusive-unlock"):matches {}
-- With a new recorder the same object burns again.
expect(put(tao, "Recorder", drive:recorder())):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Second"
expect(call(tao, "ReleaseMedia")):is "S_OK"

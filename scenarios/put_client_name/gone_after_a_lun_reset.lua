-- SPDX-License-Identifier: MIT
scenario "a LUN reset ends the lock; the burner learns it at its next track and can prepare again"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "First Burner 1.0"
drive:reset()
expect(drive:owner()):is ""
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(drive:record "exclusive-lost"):matches {
  { owner = "First Burner 1.0", via = "extension", cause = "reset" },
}
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
-- 06h: ERROR_INVALID_HANDLE, as on a handle whose lock is gone
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "0x80070006"
expect(drive:record "track-opened"):matches {}
expect(call(tao, "ReleaseMedia")):is "0x80070006"
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Second"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:record "exclusive-unlock"):matches { { owner = "Second" } }

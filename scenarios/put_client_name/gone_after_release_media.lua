-- SPDX-License-Identifier: MIT
scenario "after ReleaseMedia nobody holds the drive, and the record has one lock and one unlock"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(drive:record "exclusive-lock"):matches {
  { owner = "First Burner 1.0", flags = 0, via = "extension" },
}
expect(drive:record "exclusive-unlock"):matches {
  { owner = "First Burner 1.0", flags = 0, via = "extension" },
}
expect(drive:record "exclusive-lost"):matches {}
expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"

-- SPDX-License-Identifier: MIT
scenario "a session without a track closes nothing: the disc stays blank, and can be prepared again"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0" }

for _ = 1, 3 do
  expect(call(tao, "PrepareMedia")):is "S_OK"
  expect(drive:owner()):is "Sessions 1.0"
  expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
  expect(call(tao, "ReleaseMedia")):is "S_OK"
  expect(drive:owner()):is ""
  expect(call(tao, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
  expect(drive:disc()):matches { status = "blank", sessions = 1 }
end
expect(drive:record "session-closed"):matches {}
expect(drive:record "write-state"):matches {}
expect(#drive:record "exclusive-lock"):is(3)
expect(#drive:record "exclusive-unlock"):is(3)

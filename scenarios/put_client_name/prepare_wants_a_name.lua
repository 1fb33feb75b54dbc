-- SPDX-License-Identifier: MIT
scenario "PrepareMedia without a name is refused and locks nothing; with one it works"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once()

expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(put(tao, "ClientName", "wrong/name")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches {}
expect(put(tao, "ClientName", "First Burner 1.0")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

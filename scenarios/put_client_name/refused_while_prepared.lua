-- SPDX-License-Identifier: MIT
scenario "between PrepareMedia and ReleaseMedia put_ClientName is refused, and the owner stays"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
local prepared = drive:mark()
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(put(tao, "ClientName", "First Burner 1.0")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(drive:owner()):is "First Burner 1.0"
expect(drive:record { event = "exclusive-lock", since = prepared }):matches {}
expect(drive:record { event = "exclusive-unlock", since = prepared }):matches {}
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(get(tao, "ClientName")):gives "Second"

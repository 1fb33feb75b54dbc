-- SPDX-License-Identifier: MIT
scenario "between two tracks the medium is still prepared, and the name cannot be changed"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(put(tao, "ClientName", "Second")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

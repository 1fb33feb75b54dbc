-- SPDX-License-Identifier: MIT
scenario "a PrepareMedia that the disc refuses leaves no owner"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio { sectors = 300 })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
local burned = drive:mark()
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
expect(drive:owner()):is ""
expect(put(tao, "ClientName", "Third")):is "S_OK" -- it is not prepared
-- The lock comes before the look at the medium, and is given back.
expect(drive:record { event = "exclusive-lock", since = burned }):matches { { owner = "Second" } }
expect(drive:record { event = "exclusive-unlock", since = burned }):matches { { owner = "Second" } }

-- SPDX-License-Identifier: MIT
scenario "putting a name sends nothing to the drive and locks nothing"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once()
expect(drive:owner()):is ""
local before = drive:mark()

expect(put(tao, "ClientName", "First Burner 1.0")):is "S_OK"
expect(put(tao, "ClientName", "wrong/name")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(drive:owner()):is ""
expect(drive:record { since = before }):matches {}

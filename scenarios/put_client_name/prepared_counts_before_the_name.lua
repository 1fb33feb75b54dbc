-- SPDX-License-Identifier: MIT
scenario "while prepared, a bad name is refused for the state and not for the name"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
for _, name in ipairs { "", "wrong/name", ("a"):rep(64), "Bur\0ner", "\u{D800}" } do
  expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
end
expect(put(tao, "ClientName", null "string")):is "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "a NUL within the string is refused: the string's own length counts"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, name in ipairs { "\0", "\0Burner", "Bur\0ner", "Burner\0", "\0\0", ("a"):rep(62) .. "\0" } do
  expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
end
expect(get(tao, "ClientName")):gives "Kept"

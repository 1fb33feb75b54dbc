-- SPDX-License-Identifier: MIT
scenario "a character is judged whole: U+0141 is refused though its low byte is an A's"

local tao = object "MsftDiscFormat2TrackAtOnce"
-- Cut to a byte these would be allowed: A, z, 0, space, full stop, comma, colon, semicolon,
-- hyphen, underscore.
local all = {
  "\u{0141}", "\u{017A}", "\u{0130}", "\u{0120}", "\u{012E}", "\u{012C}", "\u{013A}", "\u{013B}",
  "\u{012D}", "\u{015F}", "\u{0441}", "\u{2041}", "\u{4E41}", "\u{FE5A}",
}

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

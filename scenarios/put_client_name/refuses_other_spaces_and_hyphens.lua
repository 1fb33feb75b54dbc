-- SPDX-License-Identifier: MIT
scenario "spaces, hyphens and marks that only look like the allowed ones are refused"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = {
  "\u{00A0}", "\u{1680}", "\u{2002}", "\u{2003}", "\u{2009}", "\u{202F}", "\u{205F}", -- spaces
  "\u{00AD}", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}", "\u{2212}", "\u{FE63}", -- hyphens
  "\u{2024}", "\u{201A}", "\u{2236}", "\u{037E}", "\u{203F}", -- of . , : ; _
  "\u{200B}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{0301}", -- of no width
  "\u{2028}", "\u{2029}", "\u{202E}", -- of lines and directions
}

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

-- SPDX-License-Identifier: MIT
scenario "surrogates are refused, in pairs and alone"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = {
  "\u{1F4BF}", "\u{1D400}", "\u{10000}", "\u{10FFFF}", -- a disc, a bold A, the first, the last
  "\u{D800}", "\u{DBFF}", "\u{DC00}", "\u{DFFF}", -- halves
  "\u{DC00}\u{D800}", "\u{D841}", "\u{DC41}", -- the wrong way round; with an A as low byte
}

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

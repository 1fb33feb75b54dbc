-- SPDX-License-Identifier: MIT
scenario "letters and digits of other scripts are refused, those that look like Latin ones too"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = {
  "\u{0391}", "\u{03BF}", -- Greek capital alpha, small omicron
  "\u{0410}", "\u{0435}", -- Cyrillic capital a, small ie
  "\u{05D0}", "\u{0627}", -- Hebrew and Arabic alef
  "\u{0660}", "\u{0966}", -- Arabic-Indic and Devanagari zero
  "\u{30D0}", "\u{9332}", "\u{D55C}", -- Katakana ba, a kanji, a Hangul syllable
  "\u{212A}", "\u{2160}", "\u{00AA}", -- Kelvin sign, Roman numeral one, feminine ordinal
}

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

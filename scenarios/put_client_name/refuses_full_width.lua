-- SPDX-License-Identifier: MIT
scenario "full-width letters, digits and signs are refused"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = { "\u{3000}", "\u{FF0E}", "\u{FF0C}", "\u{FF1A}", "\u{FF1B}", "\u{FF0D}", "\u{FF3F}" }

for c = 0xFF10, 0xFF19 do -- 0 to 9
  all[#all + 1] = utf8.char(c)
end
for c = 0xFF21, 0xFF3A do -- A to Z
  all[#all + 1] = utf8.char(c)
end
for c = 0xFF41, 0xFF5A do -- a to z
  all[#all + 1] = utf8.char(c)
end

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

-- SPDX-License-Identifier: MIT
scenario "the characters U+0080 to U+00FF are refused, accented letters and the no-break space too"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = {}

for c = 0x80, 0xFF do
  all[#all + 1] = utf8.char(c)
end

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

-- SPDX-License-Identifier: MIT
scenario "the other punctuation of ASCII is refused wherever it stands"

local tao = object "MsftDiscFormat2TrackAtOnce"
local all = {
  "!", "\"", "#", "$", "%", "&", "'", "(", ")", "*", "+", "/", "<", "=", ">", "?", "@", "[", "\\",
  "]", "^", "`", "{", "|", "}", "~",
}

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, wrong in ipairs(all) do
  for _, name in ipairs { wrong, wrong .. "Burner", "Bur" .. wrong .. "ner", "Burner" .. wrong } do
    expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
  end
end
expect(get(tao, "ClientName")):gives "Kept"

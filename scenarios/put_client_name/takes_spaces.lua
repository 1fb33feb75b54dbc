-- SPDX-License-Identifier: MIT
scenario "spaces are allowed and counted, at the ends and alone too"

local tao = object "MsftDiscFormat2TrackAtOnce"

for _, name in ipairs { " ", "     ", " a", "a ", "  Case Is  Kept. ", (" "):rep(63) } do
  expect(put(tao, "ClientName", name)):is "S_OK"
  expect(get(tao, "ClientName")):gives(name)
end
expect(put(tao, "ClientName", (" "):rep(64))):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"

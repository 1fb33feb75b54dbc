-- SPDX-License-Identifier: MIT
scenario "one forbidden character among 63 is found wherever it stands"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for at = 0, 62 do
  local name = ("a"):rep(at) .. "/" .. ("a"):rep(62 - at)
  expect(put(tao, "ClientName", name)):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
end
expect(get(tao, "ClientName")):gives "Kept"

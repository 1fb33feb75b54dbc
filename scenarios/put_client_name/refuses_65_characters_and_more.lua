-- SPDX-License-Identifier: MIT
scenario "names of 65 characters and more are refused"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "Kept")):is "S_OK"
for _, length in ipairs { 65, 66, 127, 128, 255, 256, 257, 1000, 65535, 65536, 65537, 1000000 } do
  expect(put(tao, "ClientName", ("a"):rep(length))):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
end
expect(get(tao, "ClientName")):gives "Kept"

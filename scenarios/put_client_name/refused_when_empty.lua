-- SPDX-License-Identifier: MIT
scenario "an empty name is refused, and the name before it stays"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(get(tao, "ClientName")):gives ""
expect(put(tao, "ClientName", "Kept")):is "S_OK"
expect(put(tao, "ClientName", "")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(get(tao, "ClientName")):gives "Kept"

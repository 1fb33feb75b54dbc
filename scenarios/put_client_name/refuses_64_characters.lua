-- SPDX-License-Identifier: MIT
scenario "a name of 64 characters is refused, for its NUL has no room, and none is cut short"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "Kept")):is "S_OK"
expect(put(tao, "ClientName", "0123456789012345678901234567890123456789012345678901234567890123"))
  :is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(get(tao, "ClientName")):gives "Kept"

-- SPDX-License-Identifier: MIT
scenario "a NULL name is an empty one, and is refused"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "Kept")):is "S_OK"
expect(put(tao, "ClientName", null "string")):is "0xC0AA050F"
expect(get(tao, "ClientName")):gives "Kept"

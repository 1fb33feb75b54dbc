-- SPDX-License-Identifier: MIT
scenario "a name of one character is allowed"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", "B")):is "S_OK"
expect(get(tao, "ClientName")):gives "B"

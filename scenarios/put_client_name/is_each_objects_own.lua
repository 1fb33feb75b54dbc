-- SPDX-License-Identifier: MIT
scenario "two objects have names of their own"

local one, two = object "MsftDiscFormat2TrackAtOnce", object "MsftDiscFormat2TrackAtOnce"

expect(put(one, "ClientName", "One")):is "S_OK"
expect(get(two, "ClientName")):gives ""
expect(put(two, "ClientName", "Two")):is "S_OK"
expect(get(one, "ClientName")):gives "One"
expect(release(two)):is(0)
expect(get(one, "ClientName")):gives "One"

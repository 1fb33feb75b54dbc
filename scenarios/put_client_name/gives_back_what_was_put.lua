-- SPDX-License-Identifier: MIT
scenario "get_ClientName gives back the name that put_ClientName stored"

local drive = blank_disc "80min"
local tao = drive:track_at_once()

expect(get(tao, "ClientName")):gives "" -- none is set at first: a string of no length
expect(put(tao, "ClientName", "First Burner 1.0")):is "S_OK"
expect(get(tao, "ClientName")):gives "First Burner 1.0"
expect(put(tao, "ClientName", "Second")):is "S_OK"
expect(get(tao, "ClientName")):gives "Second"

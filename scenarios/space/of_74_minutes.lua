-- SPDX-License-Identifier: MIT
scenario "a blank disc of 74 minutes has 336073 sectors"
needs { "fresh" }

local drive = blank_disc "74min" -- last possible lead-out 74:43:00 = 336075
local tao = drive:track_at_once { client_name = "Space 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(tao, "TotalSectorsOnMedia")):gives(336073)
expect(get(tao, "FreeSectorsOnMedia")):gives(336073)
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "SetWriteSpeed sets a supported speed at once, as the drive's own page 2Ah shows"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Speeds 1.0" }

-- page 2Ah, 64 bytes behind the header of 8: current speed selected in bytes 28 and 29
local function selected()
  return string.unpack(">I2", drive:send("5A 08 2A 00 00 00 00 00 48 00").data, 8 + 28 + 1)
end

expect(call(tao, "SetWriteSpeed", 1200, false)):is "S_OK"
expect(get(tao, "RequestedWriteSpeed")):gives(1200)
expect(get(tao, "CurrentWriteSpeed")):gives(1200)
expect(selected()):is(2822)
expect(call(tao, "SetWriteSpeed", 75, false)):is "S_OK"
expect(selected()):is(176)
expect(call(tao, "SetWriteSpeed", -1, false)):is "S_OK"
expect(selected()):is(8467)
expect(get(tao, "RequestedWriteSpeed")):gives(-1)

-- SPDX-License-Identifier: MIT
scenario "pure CAV, which the drive has not, becomes another rotation"

local drive = blank_disc "80min"
local tao = drive:track_at_once()

expect(call(tao, "SetWriteSpeed", 1200, true)):is "S_IMAPI_ROTATIONADJUSTED"
expect(get(tao, "RequestedRotationTypeIsPureCAV")):gives(true)
expect(get(tao, "CurrentRotationTypeIsPureCAV")):gives(false)
expect(call(tao, "SetWriteSpeed", 1000, true)):is "S_IMAPI_BOTHADJUSTED"
expect(get(tao, "CurrentWriteSpeed")):gives(1200)
expect(call(tao, "SetWriteSpeed", -1, true)):is "S_IMAPI_ROTATIONADJUSTED"
expect(call(tao, "SetWriteSpeed", 1200, false)):is "S_OK"
expect(get(tao, "RequestedRotationTypeIsPureCAV")):gives(false)

-- SPDX-License-Identifier: MIT
scenario "while another client holds the drive its speeds can be read, not set"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Speeds 1.0" }
local holder = drive:recorder()

expect(call(tao, "SetWriteSpeed", 600, false)):is "S_OK"
expect(call(holder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(call(tao, "SetWriteSpeed", 75, false)):is "E_IMAPI_RECORDER_LOCKED"
expect(get(tao, "RequestedWriteSpeed")):gives(600)
expect(get(tao, "CurrentWriteSpeed")):gives(600) -- MODE SENSE of page 2Ah conflicts with nobody
expect(call(holder, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(tao, "SetWriteSpeed", 75, false)):is "S_OK"

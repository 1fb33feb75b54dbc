-- SPDX-License-Identifier: MIT
scenario "log page 39h shows the present holder's name, and the counts of locks"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local rival = drive:recorder()
local name = "46 69 72 73 74 20 42 75 72 6E 65 72 20 31 2E 30 " .. ("00 "):rep(48)

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(rival, "AcquireExclusiveAccess", false, "Rival")):is "E_IMAPI_RECORDER_LOCKED"
-- LOG SENSE from parameter 0003h on: granted 1, refused 1, lost 0, the holder
expect(drive:send "4D 00 79 00 00 00 03 04 00 00"):gives(
  "39 00 00 5C  00 03 03 04 00 00 00 01  00 04 03 04 00 00 00 01  00 05 03 04 00 00 00 00 " ..
  "00 10 03 40 " .. name)
expect(call(tao, "ReleaseMedia")):is "S_OK"
-- From 0010h on: nobody, and who it was before
expect(drive:send "4D 00 79 00 00 00 10 04 00 00"):gives(
  "39 00 00 88  00 10 03 40 " .. ("00 "):rep(64) .. "00 11 03 40 " .. name)

-- SPDX-License-Identifier: MIT
scenario "a lock taken by raw CDBs keeps PrepareMedia out, and its name is the one that is told"
needs { "extension", "record" }

local drive = blank_disc "80min"
local other = drive:initiator "second"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }
-- MODE SELECT(10) of page 39h: lock as "Burner 1"; unlock
local lock = "00 00 00 00 00 00 00 00  39 46 01 00 00 00 00 00  42 75 72 6E 65 72 20 31 " ..
  ("00 "):rep(56)
local unlock = "00 00 00 00 00 00 00 00  39 46 02 00 00 00 00 00 " .. ("00 "):rep(64)

expect(other:send("55 10 00 00 00 00 00 00 50 00", { out = lock })):is "GOOD"
-- Its own page: held, by the one who asks
expect(other:send "5A 00 39 00 00 00 00 00 50 00"):gives(
  "00 4E 00 00 00 00 00 00  39 46 00 00 01 01 00 00  42 75 72 6E 65 72 20 31 " .. ("00 "):rep(56))
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Burner 1"
expect(other:send("55 10 00 00 00 00 00 00 50 00", { out = lock })):is "RESERVATION CONFLICT"
expect(other:send("55 10 00 00 00 00 00 00 50 00", { out = unlock })):is "GOOD"
expect(other:send("55 10 00 00 00 00 00 00 50 00", { out = unlock })):is "05/2C/00"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(other:send("55 10 00 00 00 00 00 00 50 00", { out = unlock })):is "RESERVATION CONFLICT"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "a drive held by RESERVE refuses PrepareMedia, and its owner is the initiator's name"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local other = drive:initiator "second"
local recorder = drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = recorder }

expect(other:send "16 00 00 00 00 00"):is "GOOD"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(get(recorder, "ExclusiveAccessOwner")):gives "iqn.2026-11.local.vcdr:second"
-- Byte 4: held; byte 5, bit 1: by RESERVE; "iqn.2026-11.local.vcdr:second"
expect(drive:initiator("third"):send "5A 00 39 00 00 00 00 00 50 00"):gives([[
  00 4E 00 00 00 00 00 00  39 46 00 00 01 02 00 00
  69 71 6E 2E 32 30 32 36 2D 31 31 2E 6C 6F 63 61 6C 2E 76 63 64 72 3A 73 65 63 6F 6E 64 ]] ..
  ("00 "):rep(35))
expect(other:send "17 00 00 00 00 00"):is "GOOD"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:record "exclusive-lock"):matches {
  { owner = "iqn.2026-11.local.vcdr:second", via = "reserve" },
  { owner = "First Burner 1.0", via = "extension" },
}

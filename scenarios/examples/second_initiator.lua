-- SPDX-License-Identifier: MIT
scenario "a second initiator meets RESERVATION CONFLICT while the drive is held, until a LUN reset"
needs { "extension", "record" }

local drive = blank_disc "80min"
local other = drive:initiator "second"
local recorder = drive:recorder()

expect(other:send "00 00 00 00 00 00"):is "GOOD"
expect(call(recorder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(other:send "00 00 00 00 00 00"):is "RESERVATION CONFLICT"
-- GET CONFIGURATION of FF56h is answered all the same: "VCDR", protocol 1, names of 3Fh
expect(other:send "46 02 FF 56 00 00 00 00 40 00"):gives
  "00 00 00 10 00 00 00 09 FF 56 03 08 56 43 44 52 01 3F 39 39"
expect(drive:record "exclusive-denied"):matches { { owner = "Holder", opcode = 0 } }
drive:reset()
expect(other:send "00 00 00 00 00 00"):is "06/29/00"
expect(other:send "00 00 00 00 00 00"):is "GOOD"
expect(drive:owner()):is ""
expect(drive:record "exclusive-lost"):matches { { owner = "Holder", cause = "reset" } }
expect(call(recorder, "ReleaseExclusiveAccess")):is "E_HANDLE"

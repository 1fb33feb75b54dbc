-- SPDX-License-Identifier: MIT
scenario "every allowed character reaches the drive as its ASCII code"
needs { "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once()
local sense = "5A 00 39 00 00 00 00 00 50 00"
local held = "00 4E 00 00 00 00 00 00  39 46 00 00 01 00 00 00 "

expect(put(tao, "ClientName", "ABCDEFGHIJKLMNOPQRSTUVWXYZ .,:;-_")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:initiator("second"):send(sense)):gives(held .. [[
  41 42 43 44 45 46 47 48 49 4A 4B 4C 4D 4E 4F 50 51 52 53 54 55 56 57 58 59 5A
  20 2E 2C 3A 3B 2D 5F ]] .. ("00 "):rep(31))
expect(call(tao, "ReleaseMedia")):is "S_OK"

expect(put(tao, "ClientName", "abcdefghijklmnopqrstuvwxyz0123456789")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(drive:initiator("third"):send(sense)):gives(held .. [[
  61 62 63 64 65 66 67 68 69 6A 6B 6C 6D 6E 6F 70 71 72 73 74 75 76 77 78 79 7A
  30 31 32 33 34 35 36 37 38 39 ]] .. ("00 "):rep(28))
expect(call(tao, "ReleaseMedia")):is "S_OK"

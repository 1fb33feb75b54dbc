-- SPDX-License-Identifier: MIT
scenario "on the wire the drive keeps the same rule of names: 1 to 63 allowed characters and a NUL"
needs { "extension", "record" }

local drive = blank_disc "80min"
local other = drive:initiator "second"

-- MODE SELECT(10), PF, 80 bytes: header, page 39h, lock, then the name's 64 bytes
local function lock(name)
  return other:send("55 10 00 00 00 00 00 00 50 00",
    { out = "00 00 00 00 00 00 00 00  39 46 01 00 00 00 00 00 " .. name })
end

local rest = ("00 "):rep(62)
expect(lock(("00 "):rep(64))):is "05/26/00" -- none
expect(lock("2F 00 " .. rest)):is "05/26/00" -- /
expect(lock("41 09 " .. rest)):is "05/26/00" -- a tab
expect(lock("E9 00 " .. rest)):is "05/26/00" -- Latin-1
expect(lock("41 7F " .. rest)):is "05/26/00" -- delete
expect(lock("00 41 " .. rest)):is "05/26/00" -- it begins with its end
expect(lock(("41 "):rep(64))):is "05/26/00" -- no room for the NUL
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches {}
expect(lock("41 00 2F 80 " .. ("FF "):rep(60))):is "GOOD" -- what follows the NUL is nobody's name
expect(drive:owner()):is "A"
expect(drive:initiator("third"):send "5A 00 39 00 00 00 00 00 50 00"):gives(
  "00 4E 00 00 00 00 00 00  39 46 00 00 01 00 00 00  41 " .. ("00 "):rep(63))

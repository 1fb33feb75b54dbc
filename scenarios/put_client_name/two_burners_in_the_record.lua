-- SPDX-License-Identifier: MIT
scenario "two burners after each other: each line of the record has the name of its moment"
needs { "extension", "record" }

local drive = blank_disc "80min"
local first = drive:track_at_once { client_name = "First", initiator = "iqn.2026-01.example:one" }
local second = drive:track_at_once { client_name = "Second", initiator = "iqn.2026-01.example:two" }
local one = { initiator = "iqn.2026-01.example:one" }
local two = { initiator = "iqn.2026-01.example:two" }
local before = drive:mark()

expect(call(first, "PrepareMedia")):is "S_OK"
expect(call(second, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(first, "ReleaseMedia")):is "S_OK"
expect(call(second, "PrepareMedia")):is "S_OK"
expect(call(first, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(second, "ReleaseMedia")):is "S_OK"
expect(drive:record { since = before }):matches {
  { event = "exclusive-lock", owner = "First", nexus = one },
  { event = "exclusive-denied", owner = "First", nexus = two, wanted = "Second", opcode = 0x55 },
  { event = "exclusive-unlock", owner = "First", nexus = one },
  { event = "exclusive-lock", owner = "Second", nexus = two },
  { event = "exclusive-denied", owner = "Second", nexus = one, wanted = "First", opcode = 0x55 },
  { event = "exclusive-unlock", owner = "Second", nexus = two },
}

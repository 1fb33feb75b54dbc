-- SPDX-License-Identifier: MIT
scenario "a holder that is killed loses the drive; the next one has it, and the disc is blank"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local doomed = process(function()
  local tao = drive:track_at_once { client_name = "Doomed" }
  expect(call(tao, "PrepareMedia")):is "S_OK"
  tell "prepared"
  stay()
end)
local recorder = drive:recorder()
local heir = drive:track_at_once { client_name = "Heir", recorder = recorder }

expect(doomed:hear()):is "prepared"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Doomed"
expect(call(heir, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
kill(doomed)
local lost = drive:await "exclusive-lost"
expect(lost):matches { owner = "Doomed", via = "extension", cause = "nexus-lost" }
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(drive:owner()):is ""
expect(drive:disc().status):is "blank"
expect(call(heir, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Heir"
expect(call(heir, "ReleaseMedia")):is "S_OK"
-- The loss stands before the end of its nexus.
expect(drive:record()):includes {
  { event = "exclusive-lock", owner = "Doomed" },
  { event = "exclusive-denied", owner = "Doomed", wanted = "Heir", opcode = 0x55 },
  { event = "exclusive-lost", owner = "Doomed", nexus = { id = lost.nexus.id } },
  { event = "nexus-close", nexus = { id = lost.nexus.id } },
  { event = "exclusive-lock", owner = "Heir" },
  { event = "exclusive-unlock", owner = "Heir" },
}
expect(drive:record { event = "exclusive-unlock", owner = "Doomed" }):matches {}

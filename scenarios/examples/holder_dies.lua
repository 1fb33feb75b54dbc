-- SPDX-License-Identifier: MIT
scenario "a holder that is killed, and one that is cut off, lose the drive, and the next one has it"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local doomed = process(function()
  local tao = drive:track_at_once { client_name = "Doomed" }
  expect(call(tao, "PrepareMedia")):is "S_OK"
  tell "prepared"
  stay()
end)
local heir = drive:track_at_once { client_name = "Heir" }

expect(doomed:hear()):is "prepared"
expect(drive:owner()):is "Doomed"
expect(call(heir, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
kill(doomed)
drive:await { event = "exclusive-lost", owner = "Doomed", cause = "nexus-lost" }
expect(call(heir, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Heir"
cut(heir)
drive:await { event = "exclusive-lost", owner = "Heir" }
expect(drive:owner()):is ""
expect(call(heir, "ReleaseMedia")):fails()

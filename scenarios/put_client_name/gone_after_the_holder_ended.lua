-- SPDX-License-Identifier: MIT
scenario "a holder whose process ends without ReleaseMedia holds the drive no more"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local holder = process(function()
  local tao = drive:track_at_once { client_name = "Forgetful" }
  expect(call(tao, "PrepareMedia")):is "S_OK"
  tell "prepared"
  expect(hear()):is "end"
end)
local heir = drive:track_at_once { client_name = "Heir" }

expect(holder:hear()):is "prepared"
expect(drive:owner()):is "Forgetful"
holder:tell "end"
holder:finish()
-- Given back by a tidy end of the process, or lost with its connection; either way, gone.
drive:await { event = "nexus-close" }
expect(drive:owner()):is ""
expect(call(heir, "PrepareMedia")):is "S_OK"
expect(drive:owner()):is "Heir"
expect(call(heir, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "another process asks get_ExclusiveAccessOwner and learns the name"
needs { "daemon", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local other = process(function()
  local recorder = drive:recorder()
  expect(get(recorder, "ExclusiveAccessOwner")):gives ""
  tell "free"
  expect(hear()):is "prepared"
  expect(get(recorder, "ExclusiveAccessOwner")):gives "First Burner 1.0"
  expect(drive:owner()):is "First Burner 1.0"
  tell "seen"
  expect(hear()):is "released"
  expect(get(recorder, "ExclusiveAccessOwner")):gives ""
end)

expect(other:hear()):is "free"
expect(call(tao, "PrepareMedia")):is "S_OK"
other:tell "prepared"
expect(other:hear()):is "seen"
expect(call(tao, "ReleaseMedia")):is "S_OK"
other:tell "released"
other:finish()

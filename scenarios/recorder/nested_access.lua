-- SPDX-License-Identifier: MIT
scenario "exclusive access is counted: the first acquire locks, the last release unlocks"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()

for count = 1, 3 do
  expect(call(recorder, "AcquireExclusiveAccess", false, "Name " .. count)):is "S_OK"
  expect(get(recorder, "ExclusiveAccessOwner")):gives "Name 1"
  expect(drive:owner()):is "Name 1"
end
for _ = 1, 2 do
  expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
  expect(drive:owner()):is "Name 1"
end
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is ""
expect(get(recorder, "ExclusiveAccessOwner")):gives ""
expect(call(recorder, "ReleaseExclusiveAccess")):is "E_FAIL"
expect(drive:record { event = "exclusive-lock" }):matches { { owner = "Name 1", via = "extension" } }
expect(drive:record { event = "exclusive-unlock" }):matches { { owner = "Name 1" } }

-- SPDX-License-Identifier: MIT
scenario "a second recorder is refused, learns by whom, and gives back nothing that it has not"
needs { "extension", "record" }

local drive = blank_disc "80min"
local first, second = drive:recorder(), drive:recorder()

expect(call(first, "AcquireExclusiveAccess", false, "First 1.0")):is "S_OK"
expect(call(second, "AcquireExclusiveAccess", false, "Second 1.0")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(second, "AcquireExclusiveAccess", true, "Second 1.0")):is "E_IMAPI_RECORDER_LOCKED"
expect(get(second, "ExclusiveAccessOwner")):gives "First 1.0"
expect(call(second, "ReleaseExclusiveAccess")):is "E_IMAPI_RECORDER_LOCKED"
expect(drive:owner()):is "First 1.0"
expect(drive:record { event = "exclusive-denied", wanted = "Second 1.0" }):includes {
  { owner = "First 1.0", opcode = 0x55 },
}
expect(call(first, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(second, "AcquireExclusiveAccess", false, "Second 1.0")):is "S_OK"
expect(get(first, "ExclusiveAccessOwner")):gives "Second 1.0"
expect(call(second, "ReleaseExclusiveAccess")):is "S_OK"

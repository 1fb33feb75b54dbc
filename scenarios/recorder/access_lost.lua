-- SPDX-License-Identifier: MIT
scenario "a holder whose lock was reset away is told, and does not take the next one's"
needs { "extension", "record" }

local drive = blank_disc "80min"
local first, second = drive:recorder(), drive:recorder()

expect(call(first, "AcquireExclusiveAccess", false, "First 1.0")):is "S_OK"
drive:reset()
expect(drive:owner()):is ""
expect(call(second, "AcquireExclusiveAccess", false, "Second 1.0")):is "S_OK"
expect(call(first, "ReleaseExclusiveAccess")):fails()
expect(drive:owner()):is "Second 1.0"
expect(call(second, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(first, "AcquireExclusiveAccess", false, "First 2.0")):is "S_OK"
expect(drive:owner()):is "First 2.0"
expect(call(first, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:record "exclusive-lost"):matches { { owner = "First 1.0", cause = "reset" } }

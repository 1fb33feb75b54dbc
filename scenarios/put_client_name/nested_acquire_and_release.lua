-- SPDX-License-Identifier: MIT
scenario "AcquireExclusiveAccess counts: the last Release unlocks, and the first name stays"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()

expect(drive:owner()):is ""
expect(call(recorder, "AcquireExclusiveAccess", false, "First")):is "S_OK"
expect(call(recorder, "AcquireExclusiveAccess", false, "Second")):is "S_OK"
expect(call(recorder, "AcquireExclusiveAccess", true, "Third")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "First"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is "First"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is "First"
expect(drive:record "exclusive-unlock"):matches {}
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches { { owner = "First", flags = 0 } }
expect(drive:record "exclusive-unlock"):matches { { owner = "First" } }
expect(drive:record "exclusive-denied"):matches {} -- the nesting never reaches the drive

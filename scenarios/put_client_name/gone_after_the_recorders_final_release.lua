-- SPDX-License-Identifier: MIT
scenario "the final Release of a recorder that was acquired twice gives the drive back"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()

expect(call(recorder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(call(recorder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(drive:owner()):is "Holder"
expect(release(recorder)):is(0)
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches { { owner = "Holder" } }
expect(drive:record "exclusive-unlock"):matches { { owner = "Holder" } }

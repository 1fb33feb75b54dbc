-- SPDX-License-Identifier: MIT
scenario "ReleaseExclusiveAccess without an Acquire fails, and takes nobody's lock away"
needs { "extension", "record" }

local drive = blank_disc "80min"
local holder, stranger = drive:recorder(), drive:recorder()

expect(call(stranger, "ReleaseExclusiveAccess")):is "E_FAIL"
expect(call(holder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(call(stranger, "ReleaseExclusiveAccess")):is "E_IMAPI_RECORDER_LOCKED"
expect(drive:owner()):is "Holder"
expect(call(holder, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(holder, "ReleaseExclusiveAccess")):is "E_FAIL"
expect(call(holder, "AcquireExclusiveAccess", false, "Again")):is "S_OK" -- it never counted below 0
expect(drive:owner()):is "Again"
expect(call(holder, "ReleaseExclusiveAccess")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches { { owner = "Holder" }, { owner = "Again" } }

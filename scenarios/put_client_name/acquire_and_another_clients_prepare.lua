-- SPDX-License-Identifier: MIT
scenario "a lock of AcquireExclusiveAccess keeps another client's PrepareMedia out"
needs { "extension", "record" }

local drive = blank_disc "80min"
local holder, recorder = drive:recorder(), drive:recorder()
local tao = drive:track_at_once { client_name = "Burner", recorder = recorder }

expect(call(holder, "AcquireExclusiveAccess", false, "Holder")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Holder"
expect(call(holder, "EjectMedia")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Holder" -- ejecting and loading keep it
expect(call(holder, "CloseTray")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Holder"
expect(call(holder, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Burner"
expect(call(tao, "ReleaseMedia")):is "S_OK"

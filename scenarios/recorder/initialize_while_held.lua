-- SPDX-License-Identifier: MIT
scenario "a drive that another client holds can be initialized, looked at and named, not used"
needs { "extension" }

local drive = blank_disc "80min"
local holder = drive:recorder()

expect(call(holder, "AcquireExclusiveAccess", false, "Holder 1.0")):is "S_OK"
local recorder = object "MsftDiscRecorder2"
expect(call(recorder, "InitializeDiscRecorder", drive:url())):is "S_OK"
expect(get(recorder, "VendorId")):is "S_OK"
expect(get(recorder, "SupportedFeaturePages")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Holder 1.0"
expect(get(recorder, "SupportedModePages")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(recorder, "EjectMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(recorder, "CloseTray")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(recorder, "DisableMcn")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(recorder, "EnableMcn")):is "E_IMAPI_RECORDER_LOCKED"
local tao = drive:track_at_once { recorder = recorder, client_name = "Second 1.0" }
expect(call(tao, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(call(holder, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "InitializeDiscRecorder takes an id, again too, and a bad one leaves the drive that was there"
needs { "fresh" }

local first, second = blank_disc "80min", blank_disc "74min"
local recorder = object "MsftDiscRecorder2"

expect(call(recorder, "InitializeDiscRecorder", "")):is "E_INVALIDARG"
expect(call(recorder, "InitializeDiscRecorder", null "string")):is "E_INVALIDARG"
expect(call(recorder, "InitializeDiscRecorder", "nonsense")):fails()
expect(get(recorder, "ActiveDiscRecorder")):is "E_FAIL"
expect(call(recorder, "InitializeDiscRecorder", first:url())):is "S_OK"
expect(call(recorder, "InitializeDiscRecorder", "nonsense")):fails()
expect(get(recorder, "ActiveDiscRecorder")):gives(first:url())
expect(call(recorder, "InitializeDiscRecorder", second:url())):is "S_OK"
expect(get(recorder, "ActiveDiscRecorder")):gives(second:url())

expect(call(recorder, "AcquireExclusiveAccess", false, "Recorder")):is "S_OK"
expect(call(recorder, "InitializeDiscRecorder", first:url())):is "E_FAIL"
expect(get(recorder, "ActiveDiscRecorder")):gives(second:url())
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(call(recorder, "InitializeDiscRecorder", first:url())):is "S_OK"

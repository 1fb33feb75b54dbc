-- SPDX-License-Identifier: MIT
scenario "a drive that does not say that it has the extension is reserved instead"
needs { "fresh", "record" }

local drive = blank_disc "80min"

drive:fault "op=GET_CONFIGURATION do=sense:05/20/00" -- the question for feature FF56h
local recorder = drive:recorder()
local other = drive:initiator "other"
expect(call(recorder, "AcquireExclusiveAccess", false, "Faults 1.0")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Faults 1.0"
expect(drive:record "exclusive-lock"):matches { { via = "reserve" } }
expect(other:send "00 00 00 00 00 00"):is "RESERVATION CONFLICT"
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
expect(other:send "00 00 00 00 00 00"):is "GOOD"
drive:fault "op=GET_CONFIGURATION count=all do=sense:05/20/00"
expect(get(recorder, "CurrentFeaturePages")):is
  "E_IMAPI_RECORDER_GET_CONFIGURATION_NOT_SUPPORTED"

-- SPDX-License-Identifier: MIT
scenario "PrepareMedia with neither recorder nor name asks for the recorder first"

local drive = blank_disc "80min"
local tao = object "MsftDiscFormat2TrackAtOnce"

expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"
expect(put(tao, "ClientName", "First Burner 1.0")):is "S_OK"
expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"
expect(put(tao, "Recorder", drive:recorder())):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "without a recorder the request can be read, and everything else says what is missing"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(get(tao, "RequestedWriteSpeed")):gives(-1)
expect(get(tao, "RequestedRotationTypeIsPureCAV")):gives(false)
expect(call(tao, "SetWriteSpeed", 1200, false)):is "E_IMAPI_RECORDER_REQUIRED"
expect(get(tao, "CurrentWriteSpeed")):is "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"
expect(get(tao, "CurrentRotationTypeIsPureCAV")):is "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"
expect(get(tao, "SupportedWriteSpeeds")):is "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"
expect(get(tao, "SupportedWriteSpeedDescriptors")):is "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"
expect(get(tao, "RequestedWriteSpeed")):gives(-1)

-- SPDX-License-Identifier: MIT
scenario "a second client's bad name is refused for the name, even while another holds the drive"
needs { "extension", "record" }

local drive = blank_disc "80min"
local first = drive:track_at_once { client_name = "First Burner 1.0" }
local recorder = drive:recorder()
local second = drive:track_at_once { recorder = recorder }

expect(call(first, "PrepareMedia")):is "S_OK"
expect(put(second, "ClientName", "wrong/name")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(call(second, "PrepareMedia")):is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"
expect(call(recorder, "AcquireExclusiveAccess", false, "wrong/name"))
  :is "E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID"
expect(drive:record "exclusive-denied"):matches {} -- nobody asked the drive
expect(call(first, "ReleaseMedia")):is "S_OK"

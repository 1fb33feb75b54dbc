-- SPDX-License-Identifier: MIT
scenario "the page's codes have the numbers of imapi2error.h"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local reads, n = 0, 0

-- E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID
expect(put(tao, "ClientName", "wrong/name")):is "0xC0AA050F"
expect(call(tao, "PrepareMedia")):is "0x00000000"
-- E_IMAPI_DF2TAO_MEDIA_IS_PREPARED
expect(put(tao, "ClientName", "Second")):is "0xC0AA0503"
-- E_IMAPI_DF2TAO_WRITE_IN_PROGRESS
local track = audio { sectors = 300, on_read = function()
  expect(put(tao, "ClientName", "Second")):is "0xC0AA0500"
  reads = reads + 1
end }
expect(call(tao, "AddAudioTrack", track)):is "0x00000000"
expect(reads):at_least(1)
expect(call(tao, "ReleaseMedia")):is "0x00000000"
-- E_OUTOFMEMORY
repeat
  n = n + 1
  fail_allocation(n)
  local result = put(tao, "ClientName", "Second")
  expect(result):is(result.refused and "0x8007000E" or "0x00000000")
until not result.refused
expect(n):at_least(2)

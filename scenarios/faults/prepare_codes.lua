-- SPDX-License-Identifier: MIT
scenario "whatever PrepareMedia fails with, its code is the documented one and no lock is left"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

for _, fault in ipairs {
  { "op=TEST_UNIT_READY do=sense:02/3A/01", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA" },
  { "op=TEST_UNIT_READY do=sense:02/04/03", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA" },
  { "op=TEST_UNIT_READY do=sense:02/06/00", "E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN" },
  { "op=TEST_UNIT_READY do=sense:05/30/02", "E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE" },
  { "op=TEST_UNIT_READY do=sense:03/31/00", "E_IMAPI_RECORDER_MEDIA_NOT_FORMATTED" },
  { "op=TEST_UNIT_READY do=sense:04/44/00", "E_FAIL" },
  { "op=READ_DISC_INFORMATION do=sense:03/11/05", "E_FAIL" },
  { "op=READ_DISC_INFORMATION do=short:4", "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE" },
  { "op=READ_DISC_INFORMATION do=lie", "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE" },
  { "op=MODE_SENSE nth=2 do=sense:05/24/00", "E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE" },
  { "op=MODE_SENSE nth=2 do=short:3", "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE" },
  { "op=READ_TRACK_INFORMATION do=short:3", "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE" },
  { "op=MODE_SELECT do=status:RESERVATION_CONFLICT", "E_IMAPI_RECORDER_LOCKED" },
  -- the first MODE SENSE is for the speeds; the first MODE SELECT locks; the page of write parameters is tried without BUFE too
  { "op=MODE_SELECT nth=2 count=2 do=sense:05/26/00", "E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS" },
} do
  note(fault[1])
  drive:fault(fault[1])
  expect(call(tao, "PrepareMedia")):is(fault[2])
  drive:clear_faults()
  expect(drive:owner()):is ""
  expect(put(tao, "ClientName", "Faults 1.0")):is "S_OK" -- not prepared
end
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc().status):is "blank"

-- SPDX-License-Identifier: MIT
scenario "a drive that answers nonsense cannot be initialized; a recorder can be tried again"
needs { "fresh" }

local drive = blank_disc "80min"
local INVALID = "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE"
local recorder = object "MsftDiscRecorder2"

for _, fault in ipairs {
  { "op=INQUIRY count=all do=short:20", INVALID },
  { "op=INQUIRY count=all do=lie", INVALID },
  { "op=INQUIRY count=all do=sense:04/44/00", "E_FAIL" },
} do
  note(fault[1])
  -- over iSCSI the login asks as well: no such device
  drive:fault(fault[1])
  expect(call(recorder, "InitializeDiscRecorder", drive:url())):one_of { fault[2], "0x80070037" }
  drive:clear_faults()
end
expect(call(recorder, "InitializeDiscRecorder", drive:url())):is "S_OK"
expect(get(recorder, "VendorId")):is "S_OK"

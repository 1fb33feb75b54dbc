-- SPDX-License-Identifier: MIT
scenario "a status without sense, or a command that was aborted, ends the track with a documented code"
needs { "fresh", "extension" }

for status, code in pairs {
  ["status:CHECK_CONDITION"] = "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE",
  ["status:TASK_ABORTED"] = "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE",
  ["status:30"] = "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE", -- ACA ACTIVE: never asked for
  ["status:RESERVATION_CONFLICT"] = "E_IMAPI_RECORDER_LOCKED",
} do
  local drive = blank_disc "80min"
  local tao = drive:track_at_once { client_name = "Faults 1.0" }

  note(status)
  expect(call(tao, "PrepareMedia")):is "S_OK"
  drive:fault("op=WRITE(10) do=" .. status)
  expect(call(tao, "AddAudioTrack", audio())):is(code)
  expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
  expect(call(tao, "ReleaseMedia")):is "S_OK"
  expect(drive:owner()):is ""
end

-- SPDX-License-Identifier: MIT
scenario "what a WRITE is refused with becomes the documented code"
needs { "fresh", "extension" }

for sense, code in pairs {
  ["03/0C/09"] = "E_IMAPI_LOSS_OF_STREAMING",
  ["05/0C/09"] = "E_IMAPI_LOSS_OF_STREAMING",
  ["07/27/00"] = "E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED",
  ["05/30/05"] = "E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE",
  ["02/3A/02"] = "E_IMAPI_RECORDER_MEDIA_NO_MEDIA",
  ["05/63/00"] = "E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE",
  ["05/21/02"] = "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE",
  ["03/73/03"] = "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE",
  ["04/44/00"] = "E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE",
} do
  local drive = blank_disc "80min"
  local tao = drive:track_at_once { client_name = "Faults 1.0" }

  expect(call(tao, "PrepareMedia")):is "S_OK"
  drive:fault("op=WRITE(10) do=sense:" .. sense)
  expect(call(tao, "AddAudioTrack", audio())):is(code)
  expect(call(tao, "ReleaseMedia")):is "S_OK"
  expect(drive:owner()):is ""
end

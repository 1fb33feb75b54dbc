-- SPDX-License-Identifier: MIT
scenario "PrepareMedia refuses a disc that was written, finalized or not, and leaves no lock"
needs { "fresh", "extension" }

for _, open in ipairs { false, true } do
  local drive = blank_disc "80min"
  local tao = drive:track_at_once { client_name = "Sessions 1.0", do_not_finalize = open }

  expect(call(tao, "PrepareMedia")):is "S_OK"
  expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
  expect(call(tao, "ReleaseMedia")):is "S_OK"
  expect(drive:disc().status):is(open and "appendable" or "complete")
  expect(call(tao, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
  expect(drive:owner()):is ""
  expect(put(tao, "ClientName", "Other")):is "S_OK" -- it is not prepared
  expect(get(tao, "MediaPhysicallyBlank")):gives(false)
  expect(call(tao, "AddAudioTrack", audio())):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
  expect(#drive:tracks()):is(1)
end

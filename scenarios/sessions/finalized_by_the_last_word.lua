-- SPDX-License-Identifier: MIT
scenario "DoNotFinalizeMedia is fixed from PrepareMedia on, and free again after ReleaseMedia"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Sessions 1.0" }
local P = "E_IMAPI_DF2TAO_MEDIA_IS_PREPARED"
local events = 0

expect(put(tao, "DoNotFinalizeMedia", true)):is "S_OK"
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(put(tao, "DoNotFinalizeMedia", false)):is(P)
on_update(tao, function()
  events = events + 1
  expect(put(tao, "DoNotFinalizeMedia", false)):is "E_IMAPI_DF2TAO_WRITE_IN_PROGRESS"
  expect(get(tao, "DoNotFinalizeMedia")):gives(true)
end)
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(events):at_least(3)
expect(put(tao, "DoNotFinalizeMedia", false)):is(P)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc().status):is "appendable"
expect(put(tao, "DoNotFinalizeMedia", false)):is "S_OK"
expect(get(tao, "DoNotFinalizeMedia")):gives(false)

-- SPDX-License-Identifier: MIT
scenario "with a finished disc the recorder can read, and can no longer write"

local drive = blank_disc "80min"
local recorder = drive:recorder()
local tao = drive:track_at_once { recorder = recorder, client_name = "Recorder 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
local current = get(recorder, "CurrentFeaturePages").value
expect(current):contains(0x10) -- random readable
expect(current):contains(0x1D) -- multi-read
for _, code in ipairs(current) do
  expect(code):is_not(0x2D) -- track at once
end
expect(get(tao, "CurrentPhysicalMediaType")):gives(2) -- a CD-R all the same

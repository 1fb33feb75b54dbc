-- SPDX-License-Identifier: MIT
scenario "a recorder says who it is, and where"
needs { "fresh" }

local drive = blank_disc "80min"
local recorder = drive:recorder()

expect(get(recorder, "ActiveDiscRecorder")):gives(drive:url())
expect(get(recorder, "VolumeName")):gives(drive:url())
expect(get(recorder, "VolumePathNames")):gives {}
expect(get(recorder, "LegacyDeviceNumber")):succeeds()
expect(get(recorder, "DeviceCanLoadMedia")):is "S_OK"
-- what standard INQUIRY data has, without the spaces that fill its fields
local inquiry = drive:send "12 00 00 00 24 00"
local function field(from, to)
  return (inquiry.data:sub(from + 1, to + 1):gsub(" +$", ""))
end
expect(inquiry):gives "05 80 05 02 1F ..."
expect(#inquiry.data):is(36)
expect(get(recorder, "VendorId")):gives(field(8, 15))
expect(get(recorder, "ProductId")):gives(field(16, 31))
expect(get(recorder, "ProductRevision")):gives(field(32, 35))

-- SPDX-License-Identifier: MIT
scenario "the supported speeds are the drive's, fastest first, in sectors a second"

-- page 2Ah has 8467 5645 4234 2822 1411 706 353 176 kB/s; a sector of audio is 2352 bytes
local sectors = { 3600, 2400, 1800, 1200, 600, 300, 150, 75 } -- 48x 32x 24x 16x 8x 4x 2x 1x
local drive = blank_disc "80min"
local tao = drive:track_at_once()

expect(get(tao, "SupportedWriteSpeeds")):gives(sectors)
local descriptors = get(tao, "SupportedWriteSpeedDescriptors").value
expect(#descriptors):is(8)
for i, descriptor in ipairs(descriptors) do
  expect(get(descriptor, "WriteSpeed")):gives(sectors[i])
  expect(get(descriptor, "RotationTypeIsPureCAV")):gives(false)
  expect(get(descriptor, "MediaType")):gives(2) -- CD-R
end

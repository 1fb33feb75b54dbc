-- SPDX-License-Identifier: MIT
scenario "the feature pages and profiles of a blank disc, and of an empty tray"

local drive = blank_disc "80min"
local recorder = drive:recorder()
-- profile list, core, morphing, removable medium, random readable, multi-read, CD read, incremental
-- streaming, track at once, CD mastering, CD-RW write, power management, timeout, real-time
-- streaming, serial number; ours is FF56h
local all = {
  0x0, 0x1, 0x2, 0x3, 0x10, 0x1D, 0x1E, 0x21, 0x2D, 0x2E, 0x37, 0x100, 0x105, 0x107, 0x108, 0xFF56,
}

expect(get(recorder, "SupportedFeaturePages")):gives(all)
expect(get(recorder, "CurrentFeaturePages")):gives {
  0x0, 0x1, 0x2, 0x3, 0x1E, 0x21, 0x2D, 0x2E, 0x100, 0x105, 0x107, 0x108, 0xFF56,
}
expect(get(recorder, "SupportedProfiles")):gives { 10, 9, 8 } -- CD-RW, CD-R, CD-ROM
expect(get(recorder, "CurrentProfiles")):gives { 9 }

expect(call(recorder, "EjectMedia")):is "S_OK"
expect(get(recorder, "SupportedFeaturePages")):gives(all)
expect(get(recorder, "CurrentFeaturePages")):gives {
  0x0, 0x1, 0x2, 0x3, 0x100, 0x105, 0x108, 0xFF56,
}
expect(get(recorder, "SupportedProfiles")):gives { 10, 9, 8 }
expect(get(recorder, "CurrentProfiles")):gives {}

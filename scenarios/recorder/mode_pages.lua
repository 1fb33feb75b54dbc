-- SPDX-License-Identifier: MIT
scenario "the mode pages are those that MODE SENSE of all pages lists; ours is not among them"

local drive = blank_disc "80min"
local recorder = drive:recorder()

expect(get(recorder, "SupportedModePages")):gives { 0x01, 0x05, 0x0D, 0x0E, 0x1A, 0x1D, 0x2A }

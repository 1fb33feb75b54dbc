-- SPDX-License-Identifier: MIT
scenario "a daemon's drive in real time is done when its time has come, and another one never waits"
needs { "daemon", "fresh" }

local slow = blank_disc { capacity = "80min", timing = "real" }
local other = blank_disc "80min"
local burner = slow:initiator "burner"
local page = "00 00 00 00 00 00 00 00 05 32 41 C0 00 00 00 00 00 00 00 00 00 00 00 96"
  .. string.rep(" 00", 32) .. " 00 00 08 00"

expect(burner:send("55 10 00 00 00 00 00 00 3C 00", { out = page })):is "GOOD"
expect(burner:send("2A 00 00 00 00 00 00 00 20 00", { out = string.rep("00", 2352 * 32) }))
  :is "GOOD"
expect(burner:send "35 02 00 00 00 00 00 00 00 00"):is "GOOD" -- Immed
expect(burner:send "00 00 00 00 00 00"):is "02/04/08"
expect(slow:look()):matches { busy = true, write_state = "flushing" }
expect(other:initiator("reader"):send "00 00 00 00 00 00"):is "GOOD"
-- nobody asks: the daemon's own timer tells it
slow:await "track-closed"
expect(burner:send "00 00 00 00 00 00"):is "GOOD"
local states = slow:record "write-state"
-- a second to the first block, 300 blocks at 48x, a second for the PMA
expect(states[#states].time_us - states[1].time_us):at_least(2000000)

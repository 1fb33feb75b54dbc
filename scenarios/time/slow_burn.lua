-- SPDX-License-Identifier: MIT
scenario "a burn in real time passes through its states, each at its time"
needs { "time", "record" }

local drive = blank_disc { capacity = "80min", timing = "real" }
local tao = drive:track_at_once { client_name = "Slow 1.0" }

-- at the slowest speed: 75 sectors a second, nearly
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "SetWriteSpeed", 75, false)):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", audio { sectors = 750 })
drive:await { event = "write-state", to = "flushing" }
expect(drive:write_state()):is "flushing"
drive:pass_time(15)
expect(finish(burning)):is "S_OK"

local released = start(call, tao, "ReleaseMedia")
drive:await { event = "write-state", to = "closing-session" }
expect(drive:write_state()):is "closing-session"
expect(drive:send("00 00 00 00 00 00")):is "RESERVATION CONFLICT"
drive:pass_time(200)
expect(finish(released)):is "S_OK"

local states = drive:record "write-state"
expect(states):matches {
  { from = "idle", to = "writing" },
  { from = "writing", to = "flushing" },
  { from = "flushing", to = "closing-track" },
  { from = "closing-track", to = "idle" },
  { from = "idle", to = "closing-session" },
  { from = "closing-session", to = "idle" },
}
-- one second to the first sector, then ten seconds of sectors (1x is 176.4 kB/s; the drive has 176)
expect(states[3].time_us - states[1].time_us):at_least(10900000)
expect(states[3].time_us - states[1].time_us):at_most(11200000)
-- the PMA
expect(states[4].time_us - states[3].time_us):is(1000000)
-- a lead-in of 60 seconds, a lead-out of 90, and a second more
expect(states[6].time_us - states[5].time_us):at_least(151000000)
expect(states[6].time_us - states[5].time_us):at_most(151500000)
expect(drive:disc().status):is "complete"

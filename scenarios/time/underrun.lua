-- SPDX-License-Identifier: MIT
scenario "a stream that comes too late spoils a track, unless under-runs are free"
needs { "time" }

local function burn(disabled)
  local drive = blank_disc { capacity = "80min", timing = "real" }
  local tao = drive:track_at_once { client_name = "Late 1.0" }
  local music = audio { sectors = 800, hold_at = 500 * 2352 }

  expect(call(tao, "PrepareMedia")):is "S_OK"
  expect(put(tao, "BufferUnderrunFreeDisabled", disabled)):is "S_OK"
  local burning = start(call, tao, "AddAudioTrack", music)
  music:await()
  drive:pass_time(60)
  music:go()
  drive:pass_time(60)
  return finish(burning), drive
end

local result, drive = burn(true)
expect(result):is "E_IMAPI_LOSS_OF_STREAMING"
expect(drive:record { event = "track-closed" }):matches { { track = 1 } }

result = burn(false)
expect(result):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "a second client in another process is refused during a write, and learns by whom"
needs { "daemon", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }
local track = audio { sectors = 400, hold_at = 100 * 2352 }
local other = process(function()
  local recorder = drive:recorder()
  local second = drive:track_at_once { client_name = "Second", recorder = recorder }
  tell "ready"
  expect(hear()):is "writing"
  expect(call(second, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
  expect(get(recorder, "ExclusiveAccessOwner")):gives "First Burner 1.0"
  tell "refused"
  expect(hear()):is "released"
  expect(call(second, "PrepareMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK"
end)

expect(other:hear()):is "ready"
expect(call(tao, "PrepareMedia")):is "S_OK"
local burning = start(call, tao, "AddAudioTrack", track)
track:await()
other:tell "writing"
expect(other:hear()):is "refused"
expect(drive:record "exclusive-denied"):matches {
  { owner = "First Burner 1.0", wanted = "Second", opcode = 0x55 },
}
track:go()
expect(finish(burning)):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
other:tell "released"
other:finish()
expect(drive:compare(1, track)):is "same"

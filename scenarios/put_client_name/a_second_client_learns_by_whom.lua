-- SPDX-License-Identifier: MIT
scenario "a second client is refused with RECORDER_LOCKED and learns by whom; its name is not taken"
needs { "extension", "record" }

local drive = blank_disc "80min"
local first = drive:track_at_once { client_name = "First Burner 1.0" }
local recorder = drive:recorder()
local second = drive:track_at_once { client_name = "Second", recorder = recorder }

expect(call(first, "PrepareMedia")):is "S_OK"
expect(call(second, "PrepareMedia")):is "0xC0AA0210"
expect(call(second, "PrepareMedia")):is "E_IMAPI_RECORDER_LOCKED"
expect(get(recorder, "ExclusiveAccessOwner")):gives "First Burner 1.0"
expect(drive:owner()):is "First Burner 1.0"
expect(drive:record { event = "exclusive-denied", opcode = 0x55 }):matches { -- MODE SELECT(10)
  { owner = "First Burner 1.0", wanted = "Second" },
  { owner = "First Burner 1.0", wanted = "Second" },
}
expect(call(second, "AddAudioTrack", audio { sectors = 300 }))
  :is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
expect(call(second, "ReleaseMedia")):is "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"
expect(drive:owner()):is "First Burner 1.0"
expect(call(first, "ReleaseMedia")):is "S_OK"
expect(call(second, "PrepareMedia")):is "S_OK"
expect(get(recorder, "ExclusiveAccessOwner")):gives "Second"
expect(call(second, "ReleaseMedia")):is "S_OK"

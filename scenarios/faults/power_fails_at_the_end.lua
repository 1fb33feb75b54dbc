-- SPDX-License-Identifier: MIT
scenario "the power fails when the session has been closed: the call ends, and the record says how"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
drive:fault "op=CLOSE_TRACK do=then-power"
expect(call(tao, "ReleaseMedia")):is "0x80070037"
expect(call(tao, "PrepareMedia")):is "0x80070037"
expect(put(tao, "ClientName", "Other")):is "S_OK"
expect(drive:record()):includes {
  { event = "session-closed", finalized = true, owner = "Faults 1.0" },
  { event = "power-off", clean = false },
}

-- SPDX-License-Identifier: MIT
scenario "a drive that says GOOD and writes nothing is found out before the track is called done"
needs { "fresh", "extension" }

for _, lie in ipairs {
  "op=WRITE(10) nth=3 do=lie", -- one in the midst: the next one has no writable address
  "op=WRITE(10) count=all do=lie", -- all of them
  "op=WRITE(10) count=all do=lie lba=1900-1999", -- the last one
} do
  local drive = blank_disc "80min"
  local tao = drive:track_at_once { client_name = "Faults 1.0" }

  note(lie)
  expect(call(tao, "PrepareMedia")):is "S_OK"
  drive:fault(lie)
  expect(call(tao, "AddAudioTrack", audio { sectors = 2000 })):fails()
  drive:clear_faults()
  expect(call(tao, "ReleaseMedia")):succeeds()
  expect(drive:owner()):is ""
end

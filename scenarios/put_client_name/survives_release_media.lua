-- SPDX-License-Identifier: MIT
scenario "ReleaseMedia ends the lock and not the name: the next PrepareMedia uses it again"
needs { "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First Burner 1.0" }

for _ = 1, 2 do
  expect(call(tao, "PrepareMedia")):is "S_OK"
  expect(drive:owner()):is "First Burner 1.0"
  expect(call(tao, "ReleaseMedia")):is "S_OK"
  expect(drive:owner()):is ""
  expect(get(tao, "ClientName")):gives "First Burner 1.0"
end
expect(drive:record "exclusive-lock"):matches {
  { owner = "First Burner 1.0" }, { owner = "First Burner 1.0" },
}

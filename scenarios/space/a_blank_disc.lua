-- SPDX-License-Identifier: MIT
scenario "a blank disc of 80 minutes has 359847 sectors, known between PrepareMedia and ReleaseMedia"
needs { "fresh" }

local drive = blank_disc "80min" -- last possible lead-out 79:59:74 = 359849, less 2 of run-out
local tao = drive:track_at_once { client_name = "Space 1.0" }
local NP = "E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED"

local function refused()
  expect(get(tao, "TotalSectorsOnMedia")):is(NP)
  expect(get(tao, "FreeSectorsOnMedia")):is(NP)
  expect(get(tao, "UsedSectorsOnMedia")):is(NP)
end

refused()
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(tao, "TotalSectorsOnMedia")):gives(359847)
expect(get(tao, "FreeSectorsOnMedia")):gives(359847)
expect(get(tao, "UsedSectorsOnMedia")):gives(0)
expect(get(tao, "MediaPhysicallyBlank")):gives(true)
expect(call(tao, "ReleaseMedia")):is "S_OK"
refused()
expect(drive:disc().status):is "blank"

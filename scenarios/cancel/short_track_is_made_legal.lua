-- SPDX-License-Identifier: MIT
scenario "a track that is cancelled in its first second is padded to 300 sectors"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local music = audio {
  sectors = 2000,
  on_read = function(offset)
    if offset > 0 then
      expect(call(tao, "CancelAddTrack")):is "S_OK"
    end
  end,
}

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "E_IMAPI_REQUEST_CANCELLED"
expect(get(tao, "UsedSectorsOnMedia")):gives(452)
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:tracks()):matches { { start = 0, blocks = 302 } }
expect(drive:compare(1, music, { blocks = 20 })):is "same"

-- SPDX-License-Identifier: MIT
scenario "a Read of the stream cancels: what was written becomes a track, and the disc is finished"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Cancel 1.0" }
local music = audio {
  sectors = 8000,
  on_read = function(offset)
    if offset >= 1000 * 2352 then
      expect(call(tao, "CancelAddTrack")):is "S_OK"
    end
  end,
}

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", music)):is "E_IMAPI_REQUEST_CANCELLED"
expect(get(tao, "NumberOfExistingTracks")):gives(1)
local used = get(tao, "UsedSectorsOnMedia").value
expect(used):at_least(1000 + 152)
expect(used):at_most(1300 + 152)
expect(call(tao, "CancelAddTrack")):is "E_IMAPI_DF2TAO_WRITE_NOT_IN_PROGRESS"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:disc().status):is "complete"
expect(drive:tracks()):matches { { start = 0, blocks = used - 150 } }
expect(drive:compare(1, music, { blocks = 1000 })):is "same"

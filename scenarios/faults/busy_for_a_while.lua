-- SPDX-License-Identifier: MIT
scenario "a drive that is busy for a while is waited for, in PrepareMedia, in a burn and at its end"
needs { "fresh", "extension" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }
local music = audio { sectors = 2000 }

drive:fault "op=TEST_UNIT_READY count=3 do=sense:02/04/01" -- becoming ready
drive:fault "op=READ_DISC_INFORMATION count=2 do=sense:02/04/07" -- operation in progress
drive:fault "op=MODE_SELECT count=2 do=status:BUSY"
expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=WRITE(10) nth=3 count=4 do=sense:02/04/08" -- long write in progress
drive:fault "op=WRITE(10) nth=9 count=2 do=status:TASK_SET_FULL"
drive:fault "op=SYNCHRONIZE_CACHE count=1 do=status:BUSY"
drive:fault "op=TEST_UNIT_READY count=3 do=sense:02/04/08"
expect(call(tao, "AddAudioTrack", music)):is "S_OK"
drive:fault "op=CLOSE_TRACK count=2 do=sense:02/04/08"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:owner()):is ""
expect(drive:tracks()):matches { { start = 0, blocks = 2002 } }
expect(drive:compare(1, music)):is "same"

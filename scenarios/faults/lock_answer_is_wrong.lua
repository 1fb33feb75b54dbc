-- SPDX-License-Identifier: MIT
scenario "a lock that was taken though its answer was an error is given back"
needs { "fresh", "extension", "record" }

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Faults 1.0" }

drive:fault "op=MODE_SELECT do=then-sense:04/44/00"
expect(call(tao, "PrepareMedia")):is "E_FAIL"
expect(drive:owner()):is ""
expect(drive:record()):includes { "exclusive-lock", "exclusive-unlock" }
expect(call(tao, "PrepareMedia")):is "S_OK"
drive:fault "op=MODE_SELECT do=sense:04/44/00" -- now it is the unlock that fails
expect(call(tao, "ReleaseMedia")):fails()
expect(drive:owner()):is ""
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "get_ExclusiveAccessOwner gives the name to the holder's recorder and to a stranger's"

local drive = blank_disc "80min"
local own, stranger = drive:recorder(), drive:recorder()
local tao = drive:track_at_once { client_name = "First Burner 1.0", recorder = own }

expect(get(own, "ExclusiveAccessOwner")):gives "" -- nobody: a string of no length
expect(get(stranger, "ExclusiveAccessOwner")):gives ""
expect(call(tao, "PrepareMedia")):is "S_OK"
expect(get(own, "ExclusiveAccessOwner")):gives "First Burner 1.0"
expect(get(stranger, "ExclusiveAccessOwner")):gives "First Burner 1.0"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(get(own, "ExclusiveAccessOwner")):gives ""
expect(get(stranger, "ExclusiveAccessOwner")):gives ""

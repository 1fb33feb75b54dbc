-- SPDX-License-Identifier: MIT
scenario "a name can be put before there is a recorder, and stays when one is put and taken away"

local drive = blank_disc "80min"
local tao = object "MsftDiscFormat2TrackAtOnce"

expect(get(tao, "ClientName")):gives ""
expect(put(tao, "ClientName", "Early")):is "S_OK"
expect(put(tao, "Recorder", drive:recorder())):is "S_OK"
expect(get(tao, "ClientName")):gives "Early"
expect(put(tao, "Recorder", null "object")):is "S_OK"
expect(get(tao, "ClientName")):gives "Early"

-- SPDX-License-Identifier: MIT
scenario "late binding makes text of a number, refuses an object, and tells property from method"

local tao = object "MsftDiscFormat2TrackAtOnce"

expect(put(tao, "ClientName", 12)):is "S_OK"
expect(get(tao, "ClientName")):gives "12"
expect(put(tao, "CLIENTNAME", "any case")):is "S_OK"
expect(get(tao, "clientname")):gives "any case"
expect(put(tao, "ClientName", object "MsftDiscRecorder2")):is "DISP_E_TYPEMISMATCH"
expect(call(tao, "ClientName", "A method")):is "DISP_E_MEMBERNOTFOUND"
expect(get(tao, "ClientName")):gives "any case"

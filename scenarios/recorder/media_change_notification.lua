-- SPDX-License-Identifier: MIT
scenario "DisableMcn is counted, and EnableMcn never goes below"

local drive = blank_disc "80min"
local recorder = drive:recorder()

expect(call(recorder, "EnableMcn")):is "E_FAIL"
expect(call(recorder, "DisableMcn")):is "S_OK"
expect(call(recorder, "DisableMcn")):is "S_OK"
expect(call(recorder, "EnableMcn")):is "S_OK"
expect(call(recorder, "EnableMcn")):is "S_OK"
expect(call(recorder, "EnableMcn")):is "E_FAIL"

-- SPDX-License-Identifier: MIT
scenario "AcquireExclusiveAccess takes the names of the caller-name rule, and no others"
needs { "extension" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local BAD = "E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID"
local longest = string.rep("n", 63)

for _, name in ipairs { "a", " ", "A-Z a_z.0,9:;", longest } do
  expect(call(recorder, "AcquireExclusiveAccess", false, name)):is "S_OK"
  expect(drive:owner()):is(name)
  expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK"
end
for _, name in ipairs { "", longest .. "n", "a/b", "a\tb", "a\0b", "\u{141}", "caf\u{E9}" } do
  expect(call(recorder, "AcquireExclusiveAccess", false, name)):is(BAD)
  expect(drive:owner()):is ""
end
expect(call(recorder, "AcquireExclusiveAccess", false, null "string")):is(BAD)
expect(call(recorder, "ReleaseExclusiveAccess")):is "E_FAIL" -- none of these counted

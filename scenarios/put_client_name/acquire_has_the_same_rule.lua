-- SPDX-License-Identifier: MIT
scenario "AcquireExclusiveAccess has the same rule of names and a code of its own, nested or not"
needs { "extension", "record" }

local drive = blank_disc "80min"
local recorder = drive:recorder()
local wrong = {
  "", "wrong/name", "tab\t", "\u{E9}", "\u{0141}", "\u{FF21}", "\u{1F4BF}", "\u{D800}", "nul\0",
  "\0", ("a"):rep(64), ("a"):rep(65), null "string",
}

for _, name in ipairs(wrong) do -- E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID
  expect(call(recorder, "AcquireExclusiveAccess", false, name)):is "0xC0AA0211"
end
expect(drive:owner()):is ""
expect(drive:record "exclusive-lock"):matches {}
expect(call(recorder, "AcquireExclusiveAccess", false, ("a"):rep(63))):is "S_OK"
for _, name in ipairs(wrong) do
  expect(call(recorder, "AcquireExclusiveAccess", false, name)):is "0xC0AA0211"
end
expect(call(recorder, "ReleaseExclusiveAccess")):is "S_OK" -- the refused ones did not count
expect(drive:owner()):is ""

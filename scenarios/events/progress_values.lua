-- SPDX-License-Identifier: MIT
scenario "the progress says which track, from where, how long, and how far it is"

local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "Events 1.0" }
local seen = {}

local function value(progress, name)
  local result = get(progress, name)
  expect(result):is "S_OK"
  return result.value
end

expect(call(tao, "PrepareMedia")):is "S_OK"
expect(call(tao, "AddAudioTrack", audio())):is "S_OK"
on_update(tao, function(progress)
  local total, used = value(progress, "TotalSystemBuffer"), value(progress, "UsedSystemBuffer")

  expect(value(progress, "FreeSystemBuffer")):is(total - used)
  expect(used):at_least(0)
  expect(used):at_most(total)
  expect(value(progress, "ElapsedTime")):at_least(0)
  expect(value(progress, "RemainingTime")):at_least(0)
  expect(value(progress, "CurrentTrackNumber")):is(2)
  expect(value(progress, "StartLba")):is(452)
  expect(value(progress, "SectorCount")):is(600)
  seen[#seen + 1] = {
    action = value(progress, "CurrentAction"),
    read = value(progress, "LastReadLba"),
    written = value(progress, "LastWrittenLba"),
  }
end)
expect(call(tao, "AddAudioTrack", audio { bytes = 600 * 2352 - 8 })):is "S_OK"
expect(seen[1]):is { action = 1, read = 451, written = 451 } -- nothing yet
expect(seen[2]):is { action = 2, read = 451, written = 451 }
expect(seen[#seen]):is { action = 3, read = 1051, written = 1051 } -- all
for i = 2, #seen do
  expect(seen[i].written):at_least(seen[i - 1].written)
  expect(seen[i].read):at_least(seen[i].written)
end
expect(call(tao, "ReleaseMedia")):is "S_OK"

-- SPDX-License-Identifier: MIT
scenario "before InitializeDiscRecorder every call fails, and none crashes"

local recorder = object "MsftDiscRecorder2"

for _, property in ipairs {
  "ActiveDiscRecorder", "VendorId", "ProductId", "ProductRevision", "VolumeName",
  "VolumePathNames", "DeviceCanLoadMedia", "LegacyDeviceNumber", "SupportedFeaturePages",
  "CurrentFeaturePages", "SupportedProfiles", "CurrentProfiles", "SupportedModePages",
  "ExclusiveAccessOwner",
} do
  expect(get(recorder, property)):is "E_FAIL"
end
for _, method in ipairs {
  "EjectMedia", "CloseTray", "ReleaseExclusiveAccess", "DisableMcn", "EnableMcn",
} do
  expect(call(recorder, method)):is "E_FAIL"
end
expect(call(recorder, "AcquireExclusiveAccess", false, "Nobody")):is "E_FAIL"

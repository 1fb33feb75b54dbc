// SPDX-License-Identifier: MIT
// The same in C++, where the interfaces are classes and GUIDs are references.
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2_linux.h>
#include <cstdio>

int main()
{
    IDiscFormat2TrackAtOnce *format = nullptr;
    HRESULT hr = CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(CLSID_MsftDiscFormat2TrackAtOnce, nullptr, CLSCTX_ALL,
                              IID_IDiscFormat2TrackAtOnce, reinterpret_cast<void **>(&format));
    if (FAILED(hr))
        return 1;
    hr = format->PrepareMedia();
    std::printf("%s\n", imapi2_hresult_name(hr));
    format->Release();
    CoUninitialize();
    return hr == E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED ? 0 : 1;
}

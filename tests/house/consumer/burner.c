/* SPDX-License-Identifier: MIT */
/* What a program needs to use IMAPIv2: <imapi2.h> and `pkg-config imapi2`. */
#define COBJMACROS
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2_linux.h>
#include <stdio.h>

int main(void)
{
    IDiscFormat2TrackAtOnce *format = NULL;
    BSTR name = SysAllocString(OLESTR("Consumer 1.0"));
    BSTR bad = SysAllocString(OLESTR("Consumer/1.0"));
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                              &IID_IDiscFormat2TrackAtOnce, (void **)&format);
    if (FAILED(hr))
        return 1;
    hr = IDiscFormat2TrackAtOnce_put_ClientName(format, name);
    if (hr != S_OK)
        return 1;
    hr = IDiscFormat2TrackAtOnce_put_ClientName(format, bad);
    printf("%s\n", imapi2_hresult_name(hr));
    SysFreeString(name);
    SysFreeString(bad);
    IDiscFormat2TrackAtOnce_Release(format);
    CoUninitialize();
    return hr == E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID ? 0 : 1;
}

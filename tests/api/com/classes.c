/* SPDX-License-Identifier: MIT */
/* The list of classes that these tests link: one, whose objects are memory streams. */
#include "api/com/factory.h"

#include "classes.h"

const CLSID CLSID_TestStream = {
    0x1E57C0DE, 0x0001, 0x0002, {0xA0, 0xB1, 0xC2, 0xD3, 0xE4, 0xF5, 0x06, 0x17}};

static HRESULT create_stream(REFIID riid, void **ppv)
{
    IStream *stream = SHCreateMemStream(NULL, 0);
    HRESULT hr;

    if (!stream)
        return E_OUTOFMEMORY;
    hr = stream->lpVtbl->QueryInterface(stream, riid, ppv);
    stream->lpVtbl->Release(stream);
    return hr;
}

const struct com_factory com_factories[] = {
    {&CLSID_TestStream, "Vcdr.TestStream", create_stream},
};
const size_t com_factory_count = 1;

/* SPDX-License-Identifier: MIT */
#include "gadget.h"

#include "gadget_dispatch.h"

const IID IID_IGadgetBase = {
    0x1E57C0DE, 0x0010, 0x0020, {0xA0, 0xB1, 0xC2, 0xD3, 0xE4, 0xF5, 0x06, 0x17}};
const IID IID_IGadget = {
    0x1E57C0DE, 0x0011, 0x0021, {0xA0, 0xB1, 0xC2, 0xD3, 0xE4, 0xF5, 0x06, 0x17}};

unsigned gadget_destroyed;

static void gadget_destroy(void *object)
{
    struct gadget *self = object;

    com_connections_clear(&self->connections);
    SysFreeString(self->name);
    if (self->other)
        self->other->lpVtbl->Release(self->other);
    com_delete(self);
    gadget_destroyed++;
}

static const struct com_interface gadget_interfaces[] = {
    {&IID_IGadget, offsetof(struct gadget, face)},
    {&IID_IGadgetBase, offsetof(struct gadget, face)},
    {&IID_IDispatch, offsetof(struct gadget, face)},
    {&IID_IConnectionPointContainer, offsetof(struct gadget, connections.face)},
};
static const struct com_class gadget_class = {gadget_interfaces, 4, gadget_destroy};

COM_DISPATCH_METHODS(IGadget, gadget, dispatch_IGadget)

static struct gadget *called(IGadget *This)
{
    struct gadget *self = com_self(This);

    self->calls++;
    return self;
}

static HRESULT STDMETHODCALLTYPE gadget_Ping(IGadget *This, LONG *value)
{
    called(This);
    *value = 0x50494E47; /* "PING" */
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_Add(IGadget *This, LONG left, SHORT right, LONG *sum)
{
    called(This);
    *sum = left + right;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_put_Name(IGadget *This, BSTR value)
{
    return SysReAllocStringLen(&called(This)->name, value, SysStringLen(value)) ? S_OK
                                                                                : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE gadget_get_Name(IGadget *This, BSTR *value)
{
    struct gadget *self = called(This);

    *value = SysAllocStringLen(self->name, SysStringLen(self->name));
    return *value ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE gadget_put_Flag(IGadget *This, VARIANT_BOOL value)
{
    called(This)->flag = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_get_Flag(IGadget *This, VARIANT_BOOL *value)
{
    *value = called(This)->flag;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_put_Mode(IGadget *This, GADGET_MODE value)
{
    called(This)->mode = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_get_Mode(IGadget *This, GADGET_MODE *value)
{
    *value = called(This)->mode;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_put_Other(IGadget *This, IGadget *value)
{
    struct gadget *self = called(This);

    if (value)
        value->lpVtbl->AddRef(value);
    if (self->other)
        self->other->lpVtbl->Release(self->other);
    self->other = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_get_Other(IGadget *This, IGadget **value)
{
    *value = called(This)->other;
    if (*value)
        (*value)->lpVtbl->AddRef(*value);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_Pour(IGadget *This, IStream *data, ULONG *bytes)
{
    char buf[16];

    called(This);
    if (!data)
        return E_POINTER;
    return data->lpVtbl->Read(data, buf, sizeof(buf), bytes);
}

static HRESULT STDMETHODCALLTYPE gadget_get_Parts(IGadget *This, SAFEARRAY **value)
{
    VARIANT *data;

    called(This);
    *value = SafeArrayCreateVector(VT_VARIANT, 0, 2);
    if (!*value)
        return E_OUTOFMEMORY;
    data = (*value)->pvData;
    data[0].vt = VT_I4;
    data[0].lVal = 11;
    data[1].vt = VT_I4;
    data[1].lVal = 22;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_Count(IGadget *This, SAFEARRAY *parts, ULONG more,
                                              ULONG *value)
{
    LONG upper;

    called(This);
    *value = SUCCEEDED(SafeArrayGetUBound(parts, 1, &upper)) ? (ULONG)upper + 1 + more : 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gadget_Fail(IGadget *This, LONG code, BSTR *value)
{
    called(This);
    *value = SUCCEEDED(code) ? SysAllocString(u"done") : NULL;
    return code;
}

static HRESULT STDMETHODCALLTYPE gadget_get_Item(IGadget *This, LONG index, BSTR *value)
{
    OLECHAR unit = (OLECHAR)('a' + index);

    called(This);
    *value = SysAllocStringLen(&unit, 1);
    return *value ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE gadget_get_Source(IGadget *This, IStream **value)
{
    called(This);
    *value = SHCreateMemStream((const BYTE *)"source", 6);
    return *value ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE gadget_Reset(IGadget *This)
{
    called(This);
    return S_OK;
}

static const IGadgetVtbl gadget_vtbl = {
    COM_DISPATCH_SLOTS(gadget),
    .Ping = gadget_Ping,
    .Add = gadget_Add,
    .put_Name = gadget_put_Name,
    .get_Name = gadget_get_Name,
    .put_Flag = gadget_put_Flag,
    .get_Flag = gadget_get_Flag,
    .put_Mode = gadget_put_Mode,
    .get_Mode = gadget_get_Mode,
    .put_Other = gadget_put_Other,
    .get_Other = gadget_get_Other,
    .Pour = gadget_Pour,
    .get_Parts = gadget_get_Parts,
    .Count = gadget_Count,
    .Fail = gadget_Fail,
    .get_Item = gadget_get_Item,
    .get_Source = gadget_get_Source,
    .Reset = gadget_Reset,
};

struct gadget *gadget_new(void)
{
    static const IID *const events[] = {&IID_DDiscFormat2TrackAtOnceEvents,
                                        &IID_DDiscFormat2EraseEvents};
    struct gadget *self = com_new(sizeof(*self), &gadget_class);

    if (!self)
        return NULL;
    com_face_init(&self->face, &gadget_vtbl, &self->com);
    com_connections_init(&self->connections, &self->com, self->points, events, 2);
    return self;
}

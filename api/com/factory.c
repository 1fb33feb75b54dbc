/* SPDX-License-Identifier: MIT */
/* CoCreateInstance and what finds a class: com_factories instead of a registry. */
#include <stdbool.h>
#include "api/com/factory.h"
#include "api/com/init.h"
#include "api/com/object.h"
#include "api/com/text.h"

struct factory {
    struct com_object com;
    struct com_face face; /* IClassFactory */
    const struct com_factory *row;
};

static void factory_destroy(void *object)
{
    com_delete(object);
}

static const struct com_interface factory_interfaces[] = {
    {&IID_IClassFactory, offsetof(struct factory, face)},
};
static const struct com_class factory_class = {factory_interfaces, 1, factory_destroy};

COM_UNKNOWN_METHODS(IClassFactory, factory)

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                        REFIID riid, void **ppv)
{
    struct factory *self = com_self(This);

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    return self->row->create(riid, ppv);
}

/* The code of a class never unloads. */
static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *This, BOOL lock)
{
    (void)This, (void)lock;
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
    COM_UNKNOWN_SLOTS(factory),
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

static HRESULT find_class(REFCLSID clsid, DWORD context, const struct com_factory **row)
{
    if (!com_initialized())
        return CO_E_NOTINITIALIZED;
    if (!(context & CLSCTX_INPROC_SERVER))
        return REGDB_E_CLASSNOTREG;
    for (size_t i = 0; i < com_factory_count; i++) {
        if (IsEqualCLSID(clsid, com_factories[i].clsid)) {
            *row = &com_factories[i];
            return S_OK;
        }
    }
    return REGDB_E_CLASSNOTREG;
}

HRESULT CoCreateInstance(REFCLSID rclsid, IUnknown *outer, DWORD context, REFIID riid, LPVOID *ppv)
{
    const struct com_factory *row;
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!rclsid || !riid)
        return E_INVALIDARG;
    hr = find_class(rclsid, context, &row);
    if (FAILED(hr))
        return hr;
    return outer ? CLASS_E_NOAGGREGATION : row->create(riid, ppv);
}

HRESULT CoGetClassObject(REFCLSID rclsid, DWORD context, LPVOID server_info, REFIID riid,
                         LPVOID *ppv)
{
    const struct com_factory *row;
    struct factory *self;
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!rclsid || !riid || server_info)
        return E_INVALIDARG;
    hr = find_class(rclsid, context, &row);
    if (FAILED(hr))
        return hr;
    self = com_new(sizeof(*self), &factory_class);
    if (!self)
        return E_OUTOFMEMORY;
    com_face_init(&self->face, &factory_vtbl, &self->com);
    self->row = row;
    hr = com_query_interface(&self->face, riid, ppv);
    com_release(&self->face);
    return hr;
}

HRESULT CLSIDFromProgID(LPCOLESTR progid, LPCLSID clsid)
{
    if (!progid || !clsid)
        return E_INVALIDARG;
    *clsid = CLSID_NULL;
    for (size_t i = 0; i < com_factory_count; i++) {
        if (com_names_equal(progid, com_factories[i].progid)) {
            *clsid = *com_factories[i].clsid;
            return S_OK;
        }
    }
    return CO_E_CLASSSTRING;
}

HRESULT ProgIDFromCLSID(REFCLSID clsid, LPOLESTR *progid)
{
    if (!clsid || !progid)
        return E_INVALIDARG;
    *progid = NULL;
    for (size_t i = 0; i < com_factory_count; i++) {
        if (IsEqualCLSID(clsid, com_factories[i].clsid)) {
            *progid = com_wide_from_ascii(com_factories[i].progid);
            return *progid ? S_OK : E_OUTOFMEMORY;
        }
    }
    return REGDB_E_CLASSNOTREG;
}

/* SPDX-License-Identifier: MIT */
#include "calls_from_c.h"

HRESULT call_invoke_from_c(IDispatch *object, DISPID id)
{
    DISPPARAMS none = {NULL, NULL, 0, 0};
    HRESULT hr;

    object->lpVtbl->AddRef(object);
    hr = object->lpVtbl->Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &none,
                                NULL, NULL, NULL);
    object->lpVtbl->Release(object);
    return hr;
}

/* SPDX-License-Identifier: MIT */
#include "api/imapi/speed_descriptor.h"

#include "api/com/dispatch.h"
#include "api/com/dispatch_tables.h"
#include "api/com/object.h"

struct descriptor {
    struct com_object com;
    struct com_face face;
    IMAPI_MEDIA_PHYSICAL_TYPE type;
    struct speed speed;
};

static HRESULT descriptor_get_MediaType(IWriteSpeedDescriptor *This,
                                        IMAPI_MEDIA_PHYSICAL_TYPE *value)
{
    const struct descriptor *descriptor = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    *value = descriptor->type;
    return S_OK;
}

static HRESULT descriptor_get_RotationTypeIsPureCAV(IWriteSpeedDescriptor *This,
                                                    VARIANT_BOOL *value)
{
    const struct descriptor *descriptor = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    *value = descriptor->speed.cav ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

static HRESULT descriptor_get_WriteSpeed(IWriteSpeedDescriptor *This, LONG *value)
{
    const struct descriptor *descriptor = com_self(This);

    if (value == NULL) {
        return E_POINTER;
    }
    *value = descriptor->speed.sectors_per_second;
    return S_OK;
}

COM_DISPATCH_METHODS(IWriteSpeedDescriptor, descriptor, dispatch_IWriteSpeedDescriptor)

static const IWriteSpeedDescriptorVtbl vtbl = {
    COM_DISPATCH_SLOTS(descriptor),
    .get_MediaType = descriptor_get_MediaType,
    .get_RotationTypeIsPureCAV = descriptor_get_RotationTypeIsPureCAV,
    .get_WriteSpeed = descriptor_get_WriteSpeed,
};

static const struct com_interface interfaces[] = {
    {&IID_IWriteSpeedDescriptor, offsetof(struct descriptor, face)},
    {&IID_IDispatch, offsetof(struct descriptor, face)},
};
static const struct com_class class = {interfaces, sizeof(interfaces) / sizeof(interfaces[0]),
                                       com_delete};

IDispatch *speed_descriptor_create(IMAPI_MEDIA_PHYSICAL_TYPE type, struct speed speed)
{
    struct descriptor *descriptor = com_new(sizeof(*descriptor), &class);

    if (descriptor == NULL) {
        return NULL;
    }
    com_face_init(&descriptor->face, &vtbl, &descriptor->com);
    descriptor->type = type;
    descriptor->speed = speed;
    return (IDispatch *)&descriptor->face;
}

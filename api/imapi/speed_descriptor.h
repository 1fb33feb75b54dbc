/* SPDX-License-Identifier: MIT */
/* MsftWriteSpeedDescriptor: what a format's SupportedWriteSpeedDescriptors consists of. */
#ifndef VCDR_API_IMAPI_SPEED_DESCRIPTOR_H
#define VCDR_API_IMAPI_SPEED_DESCRIPTOR_H

#include <imapi2.h>
#include "api/imapi/speeds.h"

/* One reference; it never changes. NULL without memory. */
IDispatch *speed_descriptor_create(IMAPI_MEDIA_PHYSICAL_TYPE type, struct speed speed);

#endif

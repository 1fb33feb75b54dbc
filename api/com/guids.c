/* SPDX-License-Identifier: MIT */
/* The GUID symbols that <imapi2.h> declares. */
#define INITGUID
#include "imapi2.h"

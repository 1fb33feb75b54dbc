/* SPDX-License-Identifier: MIT */
/* Whether CoCreateInstance may work on this thread. */
#ifndef VCDR_API_COM_INIT_H
#define VCDR_API_COM_INIT_H

#include <stdbool.h>
#include "imapi2.h"

bool com_initialized(void);

#endif

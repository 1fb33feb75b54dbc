/* SPDX-License-Identifier: MIT */
/*
 * The two enumerators of connection points, each over a snapshot. rows comes from CoTaskMemAlloc
 * and owns a reference a row; it is the enumerator's from now on, also when E_OUTOFMEMORY is
 * returned.
 */
#ifndef VCDR_API_COM_ENUMERATE_H
#define VCDR_API_COM_ENUMERATE_H

#include "imapi2.h"

HRESULT com_enum_points(IConnectionPoint **rows, size_t count, IEnumConnectionPoints **result);
HRESULT com_enum_connections(CONNECTDATA *rows, size_t count, IEnumConnections **result);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What CoCreateInstance can make. There is no registry: the program that links vcdr_com defines
 * com_factories (api/imapi does), and that table is the only list of classes.
 */
#ifndef VCDR_API_COM_FACTORY_H
#define VCDR_API_COM_FACTORY_H

#include "imapi2.h"

struct com_factory {
    const CLSID *clsid;
    const char *progid; /* "IMAPI2.MsftDiscRecorder2" */
    /* A new object's interface riid. *ppv is NULL when called and on failure. */
    HRESULT (*create)(REFIID riid, void **ppv);
};

extern const struct com_factory com_factories[];
extern const size_t com_factory_count;

#endif

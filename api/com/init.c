/* SPDX-License-Identifier: MIT */
/*
 * CoInitializeEx: COM counts it for each thread; a thread that never called it is served as long as
 * another one holds the multithreaded apartment. The counters are COM's own, like memory.c's.
 */
#include <stdatomic.h>
#include "api/com/init.h"

struct apartment {
    ULONG depth; /* successful CoInitialize(Ex) of this thread */
    DWORD model;
};
static _Thread_local struct apartment mine;
static atomic_uint inits; /* depths of all threads in the multithreaded apartment */

bool com_initialized(void)
{
    return mine.depth || atomic_load(&inits);
}

HRESULT CoInitializeEx(LPVOID reserved, DWORD model)
{
    const DWORD known =
        COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE | COINIT_SPEED_OVER_MEMORY;

    if (reserved || (model & ~known))
        return E_INVALIDARG;
    model &= COINIT_APARTMENTTHREADED;
    if (mine.depth && mine.model != model)
        return RPC_E_CHANGED_MODE;
    mine.model = model;
    if (model == COINIT_MULTITHREADED)
        atomic_fetch_add(&inits, 1);
    return mine.depth++ ? S_FALSE : S_OK;
}

HRESULT CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

void CoUninitialize(void)
{
    if (!mine.depth)
        return;
    if (mine.model == COINIT_MULTITHREADED)
        atomic_fetch_sub(&inits, 1);
    mine.depth--;
}

/* SPDX-License-Identifier: MIT */
#include "scenario/memory.h"
#include <stddef.h>
#include "scenario/scenario.h"

/* The spy's methods are called one at a time, from whichever thread allocates. Only allocations of
 * the thread that makes the call count, so that n means the same each time. */
static _Thread_local bool mine;

static struct memory_spy *self_of(IMallocSpy *iface)
{
    return (struct memory_spy *)(void *)((char *)iface - offsetof(struct memory_spy, iface));
}

static HRESULT spy_query(IMallocSpy *iface, REFIID iid, void **out)
{
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IMallocSpy)) {
        *out = NULL;
        return E_NOINTERFACE;
    }
    *out = iface;
    return S_OK;
}

static ULONG spy_count(IMallocSpy *iface)
{
    (void)iface;
    return 1; /* lives as long as its process */
}

static bool refuses(struct memory_spy *spy)
{
    if (!mine || !spy->watching || ++spy->seen != spy->fail_at)
        return false;
    spy->refused = true;
    return true;
}

static SIZE_T spy_pre_alloc(IMallocSpy *iface, SIZE_T size)
{
    if (refuses(self_of(iface)))
        return 0;
    return size > 0 ? size : 1;
}

static void *spy_block(IMallocSpy *iface, void *block)
{
    (void)iface;
    return block;
}

static void *spy_seen_block(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface, (void)spied;
    return block;
}

static void spy_post_free(IMallocSpy *iface, BOOL spied)
{
    (void)iface, (void)spied;
}

static SIZE_T spy_pre_realloc(IMallocSpy *iface, void *block, SIZE_T size, void **request,
                              BOOL spied)
{
    (void)spied;
    *request = block;
    return refuses(self_of(iface)) ? 0 : size;
}

static SIZE_T spy_size(IMallocSpy *iface, SIZE_T size, BOOL spied)
{
    (void)iface, (void)spied;
    return size;
}

static int spy_post_did_alloc(IMallocSpy *iface, void *block, BOOL spied, int actual)
{
    (void)iface, (void)block, (void)spied;
    return actual;
}

static void spy_heap(IMallocSpy *iface)
{
    (void)iface;
}

static const IMallocSpyVtbl vtable = {
    .QueryInterface = spy_query,
    .AddRef = spy_count,
    .Release = spy_count,
    .PreAlloc = spy_pre_alloc,
    .PostAlloc = spy_block,
    .PreFree = spy_seen_block,
    .PostFree = spy_post_free,
    .PreRealloc = spy_pre_realloc,
    .PostRealloc = spy_seen_block,
    .PreGetSize = spy_seen_block,
    .PostGetSize = spy_size,
    .PreDidAlloc = spy_seen_block,
    .PostDidAlloc = spy_post_did_alloc,
    .PreHeapMinimize = spy_heap,
    .PostHeapMinimize = spy_heap,
};

void memory_spy_init(struct memory_spy *spy)
{
    *spy = (struct memory_spy){.iface = {.lpVtbl = (IMallocSpyVtbl *)&vtable}};
}

bool memory_begin(struct memory_spy *spy)
{
    if (spy->fail_at == 0 || spy->watching)
        return false;
    spy->seen = 0;
    spy->refused = false;
    spy->watching = mine = true;
    return true;
}

bool memory_suspend(void)
{
    bool before = mine;

    mine = false;
    return before;
}

void memory_resume(bool before)
{
    mine = before;
}

bool memory_end(struct memory_spy *spy)
{
    spy->watching = mine = false;
    spy->fail_at = 0;
    return spy->refused;
}

int scene_fail_allocation(lua_State *L)
{
    struct memory_spy *spy = &world_of(L)->spy;
    lua_Integer n = luaL_checkinteger(L, 1);

    luaL_argcheck(L, n >= 1 && n <= 1000000, 1, "from 1 to 1000000");
    if (!spy->registered && FAILED(CoRegisterMallocSpy(&spy->iface)))
        return luaL_error(L, "fail_allocation: CoRegisterMallocSpy failed");
    spy->registered = true;
    spy->fail_at = (unsigned)n;
    return 0;
}

/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "spy.h"

static struct spy *of(IMallocSpy *This)
{
    return (struct spy *)(void *)This;
}

static HRESULT STDMETHODCALLTYPE spy_QueryInterface(IMallocSpy *This, REFIID riid, void **ppv)
{
    (void)riid;
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE spy_AddRef(IMallocSpy *This)
{
    (void)This;
    return 1;
}

static ULONG STDMETHODCALLTYPE spy_Release(IMallocSpy *This)
{
    of(This)->releases++;
    return 1;
}

static bool refused(struct spy *spy)
{
    return ++spy->allocations == spy->fail_at;
}

static SIZE_T STDMETHODCALLTYPE spy_PreAlloc(IMallocSpy *This, SIZE_T cb)
{
    return refused(of(This)) ? 0 : cb ? cb : 1;
}

static void *STDMETHODCALLTYPE spy_PostAlloc(IMallocSpy *This, void *actual)
{
    of(This)->post_allocs++;
    of(This)->live += actual != NULL;
    return actual;
}

static void *STDMETHODCALLTYPE spy_PreFree(IMallocSpy *This, void *request, BOOL spied)
{
    of(This)->frees++;
    of(This)->spied_frees += spied != 0;
    of(This)->live -= spied != 0;
    return request;
}

static void STDMETHODCALLTYPE spy_PostFree(IMallocSpy *This, BOOL spied)
{
    (void)spied;
    of(This)->post_frees++;
}

static SIZE_T STDMETHODCALLTYPE spy_PreRealloc(IMallocSpy *This, void *request, SIZE_T cb,
                                               void **actual, BOOL spied)
{
    (void)spied;
    *actual = request;
    return refused(of(This)) ? 0 : cb;
}

static void *STDMETHODCALLTYPE spy_PostRealloc(IMallocSpy *This, void *actual, BOOL spied)
{
    (void)This, (void)spied;
    return actual;
}

static void *STDMETHODCALLTYPE spy_PreGetSize(IMallocSpy *This, void *request, BOOL spied)
{
    (void)This, (void)spied;
    return request;
}

static SIZE_T STDMETHODCALLTYPE spy_PostGetSize(IMallocSpy *This, SIZE_T actual, BOOL spied)
{
    (void)This, (void)spied;
    return actual;
}

static void *STDMETHODCALLTYPE spy_PreDidAlloc(IMallocSpy *This, void *request, BOOL spied)
{
    (void)This, (void)spied;
    return request;
}

static int STDMETHODCALLTYPE spy_PostDidAlloc(IMallocSpy *This, void *request, BOOL spied,
                                              int actual)
{
    (void)This, (void)request, (void)spied;
    return actual;
}

static void STDMETHODCALLTYPE spy_HeapMinimize(IMallocSpy *This)
{
    (void)This;
}

static const IMallocSpyVtbl spy_vtbl = {
    .QueryInterface = spy_QueryInterface,
    .AddRef = spy_AddRef,
    .Release = spy_Release,
    .PreAlloc = spy_PreAlloc,
    .PostAlloc = spy_PostAlloc,
    .PreFree = spy_PreFree,
    .PostFree = spy_PostFree,
    .PreRealloc = spy_PreRealloc,
    .PostRealloc = spy_PostRealloc,
    .PreGetSize = spy_PreGetSize,
    .PostGetSize = spy_PostGetSize,
    .PreDidAlloc = spy_PreDidAlloc,
    .PostDidAlloc = spy_PostDidAlloc,
    .PreHeapMinimize = spy_HeapMinimize,
    .PostHeapMinimize = spy_HeapMinimize,
};

void spy_start(struct spy *spy, unsigned fail_at)
{
    memset(spy, 0, sizeof(*spy));
    spy->face.lpVtbl = &spy_vtbl;
    spy->fail_at = fail_at;
    assert_int_equal(CoRegisterMallocSpy(&spy->face), S_OK);
}

void spy_stop(struct spy *spy)
{
    assert_int_equal(CoRevokeMallocSpy(), S_OK);
    assert_int_equal(spy->live, 0);
    assert_int_equal(spy->releases, 1);
}

unsigned spy_fail_each(HRESULT (*op)(void *context), void *context, HRESULT failure)
{
    for (unsigned n = 1;; n++) {
        struct spy spy;
        HRESULT hr;

        spy_start(&spy, n);
        hr = op(context);
        spy_stop(&spy);
        if (spy.allocations < n) {
            assert_int_equal(hr, S_OK);
            return spy.allocations;
        }
        if (hr != failure)
            fail_msg("allocation %u refused: got 0x%08x, expected 0x%08x", n, (unsigned)hr,
                     (unsigned)failure);
    }
}

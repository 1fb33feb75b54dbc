/* SPDX-License-Identifier: MIT */
/*
 * CoTaskMem*, and the spy on it. The spy and the list of the blocks that it saw made are
 * process-wide by COM's own contract (CoRegisterMallocSpy has no context): with `inits` of init.c
 * they are the only writable globals of the library. Without a spy, and with none of its blocks
 * alive, an allocation costs one atomic load more than malloc.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include "imapi2.h"

/* A block that was made under the spy, by the address that its owner knows. */
struct spied {
    void *block;
    struct spied *next;
};

static struct {
    pthread_mutex_t lock; /* recursive: a spy may allocate */
    atomic_bool busy;     /* there is a spy, or a block of the list */
    IMallocSpy *spy;
    bool revoked; /* the spy goes with its last block */
    bool inside;  /* a method of the spy is running; only its own thread can see this true */
    struct spied *blocks;
} watch = {.lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP};

static struct spied **find_spied(void *block)
{
    struct spied **at = &watch.blocks;

    while (*at && (*at)->block != block)
        at = &(*at)->next;
    return *at ? at : NULL;
}

static bool add_spied(void *block)
{
    struct spied *row = malloc(sizeof(*row));

    if (!row)
        return false;
    row->block = block;
    row->next = watch.blocks;
    watch.blocks = row;
    return true;
}

/* Forgets the block; whether it was in the list. */
static bool drop_spied(void *block)
{
    struct spied **at = find_spied(block);
    struct spied *row;

    if (!at)
        return false;
    row = *at;
    *at = row->next;
    free(row);
    return true;
}

/* A spy frees a block itself, in one of its methods: nobody is told, but the row must not stay. */
static void forget(void *block)
{
    if (!atomic_load(&watch.busy))
        return;
    pthread_mutex_lock(&watch.lock);
    drop_spied(block);
    pthread_mutex_unlock(&watch.lock);
}

/* Lets a revoked spy go once its blocks are gone. With the lock held. */
static void settle(void)
{
    IMallocSpy *gone = NULL;

    if (watch.revoked && !watch.blocks) {
        gone = watch.spy;
        watch.spy = NULL;
        watch.revoked = false;
    }
    atomic_store(&watch.busy, watch.spy || watch.blocks);
    if (gone)
        gone->lpVtbl->Release(gone);
}

/* Locks if there is anything to watch and this is not the spy's own allocation. */
static bool enter(void)
{
    if (!atomic_load(&watch.busy))
        return false;
    pthread_mutex_lock(&watch.lock);
    if (watch.inside || !watch.spy) {
        pthread_mutex_unlock(&watch.lock);
        return false;
    }
    watch.inside = true;
    return true;
}

static void leave(void)
{
    watch.inside = false;
    settle();
    pthread_mutex_unlock(&watch.lock);
}

static void *plain_alloc(SIZE_T cb)
{
    return malloc(cb ? cb : 1);
}

/* The list cannot grow: the allocation fails as a whole. */
static void *keep_or_free(void *actual)
{
    void *seen = watch.spy->lpVtbl->PostAlloc(watch.spy, actual);

    if (seen && add_spied(seen))
        return seen;
    free(actual);
    return NULL;
}

/* A revoked spy watches what it made and nothing new. */
LPVOID CoTaskMemAlloc(SIZE_T cb)
{
    void *result = NULL;
    SIZE_T actual;

    if (!enter())
        return plain_alloc(cb);
    if (watch.revoked) {
        result = plain_alloc(cb);
    } else {
        actual = watch.spy->lpVtbl->PreAlloc(watch.spy, cb);
        if (actual || cb == 0) /* a refusal is not followed by PostAlloc */
            result = keep_or_free(plain_alloc(actual));
    }
    leave();
    return result;
}

void CoTaskMemFree(LPVOID pv)
{
    void *actual;
    bool spied;

    if (!pv)
        return;
    if (!enter()) {
        forget(pv);
        free(pv);
        return;
    }
    spied = drop_spied(pv);
    actual = pv;
    if (spied || !watch.revoked)
        actual = watch.spy->lpVtbl->PreFree(watch.spy, pv, spied);
    free(actual);
    if (spied || !watch.revoked)
        watch.spy->lpVtbl->PostFree(watch.spy, spied);
    leave();
}

/* pv and cb are not zero. The row of the list moves with the block. */
static void *spied_realloc(void *pv, SIZE_T cb)
{
    struct spied **row = find_spied(pv);
    BOOL spied = row != NULL;
    void *request = pv;
    void *result;
    SIZE_T actual = watch.spy->lpVtbl->PreRealloc(watch.spy, pv, cb, &request, spied);

    if (!actual)
        return NULL;
    result = realloc(request, actual);
    result = watch.spy->lpVtbl->PostRealloc(watch.spy, result, spied);
    if (result && spied)
        (*row)->block = result;
    return result;
}

LPVOID CoTaskMemRealloc(LPVOID pv, SIZE_T cb)
{
    void *result;

    if (!pv)
        return CoTaskMemAlloc(cb);
    if (!cb) {
        CoTaskMemFree(pv);
        return NULL;
    }
    if (!enter())
        return realloc(pv, cb);
    if (watch.revoked && !find_spied(pv))
        result = realloc(pv, cb);
    else
        result = spied_realloc(pv, cb);
    leave();
    return result;
}

HRESULT CoRegisterMallocSpy(IMallocSpy *spy)
{
    HRESULT hr = S_OK;

    if (!spy)
        return E_INVALIDARG;
    pthread_mutex_lock(&watch.lock);
    if (watch.spy) {
        hr = CO_E_OBJISREG;
    } else {
        spy->lpVtbl->AddRef(spy);
        watch.spy = spy;
        atomic_store(&watch.busy, true);
    }
    pthread_mutex_unlock(&watch.lock);
    return hr;
}

HRESULT CoRevokeMallocSpy(void)
{
    HRESULT hr = S_OK;

    pthread_mutex_lock(&watch.lock);
    if (!watch.spy || watch.revoked) {
        hr = CO_E_OBJNOTREG;
    } else {
        watch.revoked = true;
        hr = watch.blocks ? E_ACCESSDENIED : S_OK;
        if (!watch.inside)
            settle();
    }
    pthread_mutex_unlock(&watch.lock);
    return hr;
}

/* -- IMalloc: the same memory as an object, which the process owns */

static HRESULT STDMETHODCALLTYPE allocator_QueryInterface(IMalloc *This, REFIID riid, void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IMalloc))
        return E_NOINTERFACE;
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE allocator_AddRef(IMalloc *This)
{
    (void)This;
    return 2;
}

static ULONG STDMETHODCALLTYPE allocator_Release(IMalloc *This)
{
    (void)This;
    return 1;
}

static void *STDMETHODCALLTYPE allocator_Alloc(IMalloc *This, SIZE_T cb)
{
    (void)This;
    return CoTaskMemAlloc(cb);
}

static void *STDMETHODCALLTYPE allocator_Realloc(IMalloc *This, void *pv, SIZE_T cb)
{
    (void)This;
    return CoTaskMemRealloc(pv, cb);
}

static void STDMETHODCALLTYPE allocator_Free(IMalloc *This, void *pv)
{
    (void)This;
    CoTaskMemFree(pv);
}

static SIZE_T STDMETHODCALLTYPE allocator_GetSize(IMalloc *This, void *pv)
{
    SIZE_T size;
    BOOL spied;

    (void)This;
    if (!pv)
        return (SIZE_T)-1;
    if (!enter())
        return malloc_usable_size(pv);
    spied = find_spied(pv) != NULL;
    size = malloc_usable_size(watch.spy->lpVtbl->PreGetSize(watch.spy, pv, spied));
    size = watch.spy->lpVtbl->PostGetSize(watch.spy, size, spied);
    leave();
    return size;
}

/* -1, "cannot tell", is an answer that IMalloc knows. */
static int STDMETHODCALLTYPE allocator_DidAlloc(IMalloc *This, void *pv)
{
    int did = -1;
    BOOL spied;

    (void)This;
    if (!enter())
        return did;
    spied = pv && find_spied(pv);
    watch.spy->lpVtbl->PreDidAlloc(watch.spy, pv, spied);
    did = watch.spy->lpVtbl->PostDidAlloc(watch.spy, pv, spied, spied ? 1 : -1);
    leave();
    return did;
}

static void STDMETHODCALLTYPE allocator_HeapMinimize(IMalloc *This)
{
    (void)This;
    if (!enter())
        return;
    watch.spy->lpVtbl->PreHeapMinimize(watch.spy);
    watch.spy->lpVtbl->PostHeapMinimize(watch.spy);
    leave();
}

static const IMallocVtbl allocator_vtbl = {
    .QueryInterface = allocator_QueryInterface,
    .AddRef = allocator_AddRef,
    .Release = allocator_Release,
    .Alloc = allocator_Alloc,
    .Realloc = allocator_Realloc,
    .Free = allocator_Free,
    .GetSize = allocator_GetSize,
    .DidAlloc = allocator_DidAlloc,
    .HeapMinimize = allocator_HeapMinimize,
};
static const IMalloc allocator = {&allocator_vtbl};

HRESULT CoGetMalloc(DWORD context, IMalloc **result)
{
    if (!result)
        return E_INVALIDARG;
    *result = NULL;
    if (context != 1)
        return E_INVALIDARG;
    *result = (IMalloc *)&allocator; /* never written to */
    return S_OK;
}

/* SPDX-License-Identifier: MIT */
/* A malloc spy that counts, and that fails the nth allocation. One at a time. */
#ifndef TESTS_API_COM_SPY_H
#define TESTS_API_COM_SPY_H

#include <stdbool.h>
#include <imapi2.h>

struct spy {
    IMallocSpy face;
    unsigned allocations; /* PreAlloc and PreRealloc since spy_start */
    unsigned fail_at;     /* which of them is refused, from 1; 0: none */
    unsigned post_allocs, frees, post_frees, spied_frees, releases;
    long live; /* blocks made under the spy and not freed */
};

/* Registers the spy, and fails the running test if that cannot be. */
void spy_start(struct spy *spy, unsigned fail_at);
/* Revokes it; the running test fails if a block that it saw made is still there. */
void spy_stop(struct spy *spy);

/*
 * Calls op with each of its allocations failing in turn, until one call goes through without a
 * failure, which must return S_OK; every other one must return failure. Returns how many
 * allocations that last call made. Nothing may stay allocated after any call.
 */
unsigned spy_fail_each(HRESULT (*op)(void *context), void *context, HRESULT failure);

#endif

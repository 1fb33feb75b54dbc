/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "spy.h"

static void a_block_of_no_bytes_is_a_block(void **state)
{
    void *block = CoTaskMemAlloc(0);

    (void)state;
    assert_non_null(block);
    CoTaskMemFree(block);
    CoTaskMemFree(NULL);
}

static void realloc_keeps_the_bytes_and_frees_at_zero(void **state)
{
    char *block = CoTaskMemRealloc(NULL, 4);

    (void)state;
    assert_non_null(block);
    memcpy(block, "abc", 4);
    block = CoTaskMemRealloc(block, 100000);
    assert_non_null(block);
    assert_string_equal(block, "abc");
    assert_null(CoTaskMemRealloc(block, 0));
}

static void an_impossible_size_is_refused(void **state)
{
    (void)state;
    assert_null(CoTaskMemAlloc(SIZE_MAX / 2));
}

static void there_is_one_allocator_and_it_is_task_memory(void **state)
{
    IMalloc *allocator = NULL, *again = NULL;
    void *block;

    (void)state;
    assert_int_equal(CoGetMalloc(1, &allocator), S_OK);
    assert_int_equal(CoGetMalloc(1, &again), S_OK);
    assert_ptr_equal(allocator, again);
    assert_int_equal(CoGetMalloc(2, &again), E_INVALIDARG);
    assert_null(again);
    assert_int_equal(CoGetMalloc(1, NULL), E_INVALIDARG);
    block = allocator->lpVtbl->Alloc(allocator, 10);
    assert_true(allocator->lpVtbl->GetSize(allocator, block) >= 10);
    assert_true(allocator->lpVtbl->GetSize(allocator, NULL) == (SIZE_T)-1);
    assert_int_equal(allocator->lpVtbl->DidAlloc(allocator, block), -1);
    block = allocator->lpVtbl->Realloc(allocator, block, 20);
    allocator->lpVtbl->HeapMinimize(allocator);
    CoTaskMemFree(block);
    assert_int_equal(allocator->lpVtbl->QueryInterface(allocator, &IID_IMalloc, (void **)&again),
                     S_OK);
    assert_int_equal(allocator->lpVtbl->QueryInterface(allocator, &IID_IStream, (void **)&again),
                     E_NOINTERFACE);
}

static void a_spy_sees_every_allocation_and_every_free(void **state)
{
    struct spy spy;
    void *before = CoTaskMemAlloc(5), *block;
    BSTR bstr;

    (void)state;
    spy_start(&spy, 0);
    block = CoTaskMemAlloc(1);
    block = CoTaskMemRealloc(block, 2);
    bstr = SysAllocString(u"x");
    assert_int_equal(spy.allocations, 3);
    assert_int_equal(spy.post_allocs, 2);
    CoTaskMemFree(before);
    assert_int_equal(spy.frees, 1);
    assert_int_equal(spy.spied_frees, 0);
    CoTaskMemFree(block);
    SysFreeString(bstr);
    assert_int_equal(spy.spied_frees, 2);
    assert_int_equal(spy.post_frees, 3);
    spy_stop(&spy);
}

static void a_refused_allocation_is_not_followed_by_post_alloc(void **state)
{
    struct spy spy;

    (void)state;
    spy_start(&spy, 1);
    assert_null(CoTaskMemAlloc(8));
    assert_int_equal(spy.post_allocs, 0);
    spy_stop(&spy);
}

static void a_refused_realloc_leaves_the_block(void **state)
{
    struct spy spy;
    char *block;

    (void)state;
    spy_start(&spy, 2);
    block = CoTaskMemAlloc(8);
    memcpy(block, "abcdefg", 8);
    assert_null(CoTaskMemRealloc(block, 16));
    assert_string_equal(block, "abcdefg");
    CoTaskMemFree(block);
    spy_stop(&spy);
}

static void there_is_one_spy_in_a_process(void **state)
{
    struct spy spy, second = {.face = {NULL}};

    (void)state;
    assert_int_equal(CoRegisterMallocSpy(NULL), E_INVALIDARG);
    assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
    spy_start(&spy, 0);
    second.face = spy.face;
    assert_int_equal(CoRegisterMallocSpy(&second.face), CO_E_OBJISREG);
    spy_stop(&spy);
    assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
}

static void a_revoked_spy_stays_until_its_last_block_is_freed(void **state)
{
    struct spy spy;
    void *first, *second;

    (void)state;
    spy_start(&spy, 0);
    first = CoTaskMemAlloc(1);
    assert_int_equal(CoRevokeMallocSpy(), E_ACCESSDENIED);
    second = CoTaskMemAlloc(1);
    assert_int_equal(spy.allocations, 1); /* it sees nothing new */
    CoTaskMemFree(second);
    assert_int_equal(spy.frees, 0);
    assert_int_equal(CoRegisterMallocSpy(&spy.face), CO_E_OBJISREG);
    assert_int_equal(spy.releases, 0);
    CoTaskMemFree(first);
    assert_int_equal(spy.spied_frees, 1);
    assert_int_equal(spy.releases, 1);
    assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
}

/* In PostFree of its first block the spy frees its second one, which it saw made as well. */
static void *other_block;
static void STDMETHODCALLTYPE free_the_other(IMallocSpy *This, BOOL spied)
{
    void *block = other_block;

    (void)This, (void)spied;
    other_block = NULL;
    CoTaskMemFree(block);
}

static void a_spy_may_use_the_memory_that_it_watches(void **state)
{
    IMallocSpyVtbl vtbl;
    struct spy spy;
    void *block;

    (void)state;
    spy_start(&spy, 0);
    vtbl = *spy.face.lpVtbl;
    vtbl.PostFree = free_the_other;
    spy.face.lpVtbl = &vtbl;
    block = CoTaskMemAlloc(1);
    other_block = CoTaskMemAlloc(1);
    CoTaskMemFree(block);
    assert_null(other_block);
    assert_int_equal(spy.frees, 1); /* it is not told of what it does itself */
    assert_int_equal(CoRevokeMallocSpy(), S_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_of_no_bytes_is_a_block),
        cmocka_unit_test(realloc_keeps_the_bytes_and_frees_at_zero),
        cmocka_unit_test(an_impossible_size_is_refused),
        cmocka_unit_test(there_is_one_allocator_and_it_is_task_memory),
        cmocka_unit_test(a_spy_sees_every_allocation_and_every_free),
        cmocka_unit_test(a_refused_allocation_is_not_followed_by_post_alloc),
        cmocka_unit_test(a_refused_realloc_leaves_the_block),
        cmocka_unit_test(there_is_one_spy_in_a_process),
        cmocka_unit_test(a_spy_may_use_the_memory_that_it_watches),
        cmocka_unit_test(a_revoked_spy_stays_until_its_last_block_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

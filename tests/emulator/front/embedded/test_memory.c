/* SPDX-License-Identifier: MIT */
/* Opening an embedded drive with memory running out at each allocation in turn: VCDR_ENOMEM,
 * nothing kept, and the next open succeeds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/embedded.h>
#include <vcdr/store.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long allocations_left = -1; /* negative: as many as wanted */

static int exhausted(void)
{
    if (allocations_left < 0)
        return 0;
    if (allocations_left == 0)
        return 1;
    allocations_left--;
    return 0;
}

void *__wrap_malloc(size_t size)
{
    return exhausted() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return exhausted() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return exhausted() ? NULL : __real_realloc(old, size);
}

static void ignore(void *ctx, const char *line, size_t len)
{
    (void)ctx;
    (void)line;
    (void)len;
}

static void every_allocation_may_fail(void **state)
{
    char folder[] = "/tmp/vcdr-memory-XXXXXX", disc[64], record[64];
    struct vcdr_embedded_options options = {.disc = disc, .record = record, .line = ignore};
    struct vcdr_embedded *nexus = NULL;
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    long allowed = 0;
    int error;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(disc, sizeof(disc), "%s/a.disc", folder);
    snprintf(record, sizeof(record), "%s/record", folder);
    assert_int_equal(vcdr_geometry_by_name("74min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(disc, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), 0);
    store.ops->close(store.ctx);

    do {
        nexus = NULL;
        allocations_left = allowed++;
        error = vcdr_embedded_open(&options, &nexus);
        allocations_left = -1;
        if (error) {
            assert_int_equal(error, VCDR_ENOMEM);
            assert_null(nexus);
        }
    } while (error);
    assert_true(allowed > 5); /* it did fail on the way */
    vcdr_embedded_close(nexus);

    assert_int_equal(unlink(disc), 0);
    assert_int_equal(unlink(record), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

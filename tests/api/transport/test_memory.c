/* SPDX-License-Identifier: MIT */
/* Out of memory at each allocation in turn: a stated result, nothing lost, and the next try works.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "api/transport/transport.h"
#include "fake_target.h"

/* Linked with --wrap: the allocations of what is linked statically, on this thread. */
static _Thread_local unsigned countdown; /* the one that fails; 0: none */

static int fails(void)
{
    return countdown > 0 && --countdown == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* Opens with the nth allocation failing, for n from 1 until it works; how often it failed. */
static unsigned open_through(const char *url, struct transport **out)
{
    unsigned failures = 0;

    for (unsigned n = 1; n < 1000; n++) {
        struct transport *t = NULL;
        char *why = NULL;
        enum transport_result result;
        unsigned left;

        countdown = n;
        result = transport_open(url, "memory test", &t, &why);
        left = countdown;
        countdown = 0;
        free(why);
        if (left > 0) { /* fewer allocations than n: none failed */
            assert_int_equal(result, TRANSPORT_OK);
            *out = t;
            return failures;
        }
        failures++;
        if (result == TRANSPORT_OK) { /* it could do without, such as a reason */
            transport_close(t);
        } else {
            assert_int_equal(result, TRANSPORT_NO_MEMORY);
            assert_null(t);
        }
    }
    fail_msg("no end of allocations");
    return 0;
}

static void command_through(struct transport *t)
{
    struct transport_task task = {.cdb_len = 6};
    unsigned failures = 0;

    for (;; failures++) {
        enum transport_result result;
        unsigned left;

        countdown = failures + 1;
        result = transport_execute(t, &task);
        left = countdown;
        countdown = 0;
        if (left > 0) {
            assert_int_equal(result, TRANSPORT_OK);
            break;
        }
        assert_true(result == TRANSPORT_NO_MEMORY || result == TRANSPORT_OK);
    }
}

static void an_embedded_drive_without_memory(void **state)
{
    struct transport *t;

    (void)state;
    assert_true(open_through("embedded:", &t) > 3);
    command_through(t);
    transport_close(t);
}

static void an_iscsi_session_without_memory(void **state)
{
    struct fake_target *target =
        fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER});
    struct transport *t;

    (void)state;
    assert_true(open_through(fake_target_url(target), &t) >= 3);
    command_through(t);
    transport_close(t);
    fake_target_stop(target);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_embedded_drive_without_memory),
        cmocka_unit_test(an_iscsi_session_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

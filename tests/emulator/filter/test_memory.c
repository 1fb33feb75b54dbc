/* SPDX-License-Identifier: MIT */
/* The filter with memory running out at each allocation in turn: VCDR_ENOMEM and nothing changed,
 * or an answer as without the rule. */
#include "emulator/core/harness.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/fault.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
char *__wrap_strdup(const char *text);

static long allocations_left = -1; /* negative: as many as wanted */

static bool exhausted(void)
{
    if (allocations_left < 0)
        return false;
    if (allocations_left == 0)
        return true;
    allocations_left--;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return exhausted() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return exhausted() ? NULL : __real_calloc(count, size);
}

char *__wrap_strdup(const char *text)
{
    return exhausted() ? NULL : __real_strdup(text);
}

static const struct vcdr_faults_config quiet = {.serial = "VCDR00000001"};

static void making_a_filter_leaves_the_drive_alone(void **state)
{
    struct harness *h = harness_ready("80min");
    struct vcdr_target before = h->target;
    struct vcdr_faults *faults;

    (void)state;
    allocations_left = 0;
    assert_int_equal(vcdr_faults_new(h->target, &quiet, h->now, &h->target, &faults), VCDR_ENOMEM);
    allocations_left = -1;
    assert_true(h->target.ctx == before.ctx && h->target.ops == before.ops);
    harness_free(h);
}

static void a_nexus_or_a_rule_is_taken_whole_or_not_at_all(void **state)
{
    static const char rules[] = "do=status:BUSY nexus=9\ndo=status:BUSY nexus=9 nth=2";
    struct harness *h = harness_ready("80min");
    struct vcdr_faults *faults;
    int error = VCDR_ENOMEM;

    (void)state;
    assert_int_equal(vcdr_faults_new(h->target, &quiet, h->now, &h->target, &faults), VCDR_OK);
    for (long n = 0; error == VCDR_ENOMEM; n++) {
        allocations_left = n;
        error = h->target.ops->nexus_open(h->target.ctx, 9, "nine", NULL, "alias", h->now);
        allocations_left = -1;
    }
    assert_int_equal(error, VCDR_OK);
    clear_attention(h, 9);
    error = VCDR_ENOMEM;
    for (long n = 0; error == VCDR_ENOMEM; n++) {
        assert_good(run(h, 9, "00 00 00 00 00 00"));
        allocations_left = n;
        error = vcdr_faults_add_text(faults, rules, strlen(rules), NULL);
        allocations_left = -1;
    }
    assert_int_equal(error, VCDR_OK);
    assert_int_equal(run(h, 9, "00 00 00 00 00 00")->status, SAM_BUSY);
    assert_int_equal(run(h, 9, "00 00 00 00 00 00")->status, SAM_BUSY);
    harness_free(h);
}

static void what_cannot_be_remembered_is_answered_as_it_is(void **state)
{
    static const char rule[] = "op=READ_DISC_INFORMATION count=all do=stale";

    (void)state;
    for (long n = 0; n < 3; n++) {
        struct harness *h = harness_ready("80min");
        struct vcdr_faults *faults;

        assert_int_equal(vcdr_faults_new(h->target, &quiet, h->now, &h->target, &faults), VCDR_OK);
        assert_int_equal(vcdr_faults_add_text(faults, rule, strlen(rule), NULL), VCDR_OK);
        allocations_left = n;
        (void)run(h, ONE, "51 00 00 00 00 00 00 00 22 00");
        allocations_left = -1;
        assert_hex_at(&h->reply, 0, "00 20 00");
        harness_free(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making_a_filter_leaves_the_drive_alone),
        cmocka_unit_test(a_nexus_or_a_rule_is_taken_whole_or_not_at_all),
        cmocka_unit_test(what_cannot_be_remembered_is_answered_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

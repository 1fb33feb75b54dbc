/* SPDX-License-Identifier: MIT */
/* Which commands may wait for the disc's store: a front end takes those off the thread that serves
 * other drives (vcdr/target.h). */
#include "burn.h"

#include <string.h>

static bool may_wait(struct harness *h, uint8_t opcode)
{
    struct vcdr_command command = {.cdb = {opcode}};

    return h->target.ops->may_wait(h->target.ctx, &command);
}

/* A command that changes the disc, or ends what is rehearsed or open on it. */
static void what_makes_something_durable_may_wait(void **state)
{
    static const uint8_t opcodes[] = {
        0x15, 0x55, /* MODE SELECT(6), (10): end a test write */
        0x1B,       /* START STOP UNIT: ejects */
        0x35,       /* SYNCHRONIZE CACHE */
        0x53,       /* RESERVE TRACK */
        0x5B,       /* CLOSE TRACK/SESSION */
        0xA1,       /* BLANK */
    };
    struct harness *h = harness_ready("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(opcodes); i++) {
        if (!may_wait(h, opcodes[i]))
            fail_msg("%02X", opcodes[i]);
    }
    harness_free(h);
}

static void what_only_looks_or_reads_does_not(void **state)
{
    static const uint8_t opcodes[] = {0x00, 0x03, 0x12, 0x1E, 0x25, 0x28, 0x43, 0x46, 0x4A, 0x4D,
                                      0x51, 0x52, 0x5A, 0x5C, 0xA8, 0xAC, 0xBD, 0xBE, 0xFF};
    struct harness *h = harness_ready("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(opcodes); i++) {
        if (may_wait(h, opcodes[i]))
            fail_msg("%02X", opcodes[i]);
    }
    harness_free(h);
}

/* WRITE opens a track, and what was written before is made durable then; further ones only write.
 */
static void a_write_may_wait_until_its_track_is_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_true(may_wait(h, 0x2A));
    assert_true(may_wait(h, 0xAA));
    select_page_05(h, 0, 0, 0, 0);
    write_good(h, 0, 2, 2352);
    assert_false(may_wait(h, 0x2A));
    assert_false(may_wait(h, 0xAA));
    harness_free(h);
}

static void after_the_track_is_closed_a_write_may_wait_again(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    assert_true(may_wait(h, 0x2A));
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_makes_something_durable_may_wait),
        cmocka_unit_test(what_only_looks_or_reads_does_not),
        cmocka_unit_test(a_write_may_wait_until_its_track_is_open),
        cmocka_unit_test(after_the_track_is_closed_a_write_may_wait_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Out of memory: what is refused leaves everything as it was. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"

static int fail_allocation = -1; /* how many succeed before one fails; -1: none fails */
static unsigned allocations;

static bool allocation_fails(void)
{
    allocations++;
    return fail_allocation >= 0 && fail_allocation-- == 0;
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return allocation_fails() ? NULL : __real_calloc(n, size);
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return allocation_fails() ? NULL : __real_malloc(size);
}

void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size)
{
    return allocation_fails() ? NULL : __real_realloc(p, size);
}

char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);
char *__wrap_strdup(const char *s)
{
    return allocation_fails() ? NULL : __real_strdup(s);
}

static void a_drive_that_cannot_be_made_leaves_the_disc_to_its_caller(void **state)
{
    struct vcdr_drive_config config = {.disc = blank_disc("80min"), .disc_name = "name"};
    struct vcdr_time now = {0, 0};
    struct vcdr_target target = {NULL, NULL};

    (void)state;
    for (int n = 0; n < 2; n++) {
        fail_allocation = n;
        assert_int_equal(vcdr_drive_new(&config, now, &target), VCDR_ENOMEM);
        assert_null(target.ops);
    }
    fail_allocation = -1;
    assert_int_equal(vcdr_disc_info(config.disc)->status, VCDR_DISC_BLANK);
    assert_int_equal(vcdr_disc_close(config.disc), VCDR_OK);
}

static void a_nexus_that_cannot_be_opened_is_not_there(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    fail_allocation = 0;
    assert_int_equal(h->target.ops->nexus_open(h->target.ctx, 50, "iqn", NULL, "a", h->now),
                     VCDR_ENOMEM);
    fail_allocation = -1;
    assert_sense(run(h, 50, TUR), 0x044400);
    assert_good(run(h, ONE, TUR));
    assert_int_equal(h->target.ops->nexus_open(h->target.ctx, 50, "iqn", NULL, "a", h->now),
                     VCDR_OK);
    assert_sense(run(h, 50, TUR), 0x062900);
    harness_free(h);
}

/* One audio track of 300 blocks, of 301. */
#define SHEET_300                                                                                  \
    "01 00 00 01 00 00 00 00 01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 "                     \
    "01 AA 01 01 00 00 06 00 "
#define SHEET_301                                                                                  \
    "01 00 00 01 00 00 00 00 01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 "                     \
    "01 AA 01 01 00 00 06 01 "
#define RTI_INCOMPLETE "52 01 00 00 00 FF 00 00 24 00"

static void a_cue_sheet_without_memory_is_refused_and_the_one_before_stays(void **state)
{
    struct harness *h = harness_ready("80min");
    bool done = false;
    unsigned refused = 0;

    (void)state;
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_good(send_cue(h, SHEET_300));
    for (int n = 0; n < 50 && !done; n++) {
        fail_allocation = n;
        send_cue(h, SHEET_301);
        done = fail_allocation >= 0;
        fail_allocation = -1;
        if (done)
            break;
        assert_int_equal(h->reply.sense, 0x044400);
        refused++;
        assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "FF FF FF 6A 00 00 01 C2"); /* 450 */
    }
    assert_true(done && refused > 0);
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "FF FF FF 6A 00 00 01 C3");
    harness_free(h);
}

/* The first block of a raw session, and the first of its program area. */
static void a_raw_write_without_memory_can_be_repeated(void **state)
{
    static const uint8_t blocks[1000 * 2448];
    struct harness *h = harness_ready("80min");
    int32_t lba = -11634;

    (void)state;
    assert_good(select_write_type(h, 3, 0, 0, 3, 0));
    while (lba < -140) {
        int32_t n = lba == -11634 || lba == -150 ? 1 : lba < -1150 ? 1000 : -150 - lba;
        const char *write = cdbf("2A 00 %08X 00 %04X 00", (unsigned)lba, (unsigned)n);
        bool done = false;

        for (int i = 0; i < 50 && !done; i++) {
            fail_allocation = lba == -11634 || lba >= -150 ? i : -1;
            run_data(h, ONE, write, blocks, (size_t)n * 2448, 0);
            done = h->reply.status == 0;
            fail_allocation = -1;
            if (!done) {
                assert_int_not_equal(h->reply.sense >> 16, 0x05);
                assert_int_equal(next_address(h), lba);
            }
        }
        assert_true(done);
        lba += lba >= -150 ? 10 : n;
    }
    assert_int_equal(next_address(h), -149);
    harness_free(h);
}

/* Lock, unlock, losing an owner: nothing in them can run out of memory. */
static void a_registration_without_memory_is_refused_and_nothing_is_registered(void **state)
{
    static const uint8_t list[24] = {[15] = 0xA};
    struct harness *h = harness_ready(NULL);

    (void)state;
    fail_allocation = 0;
    assert_sense(run_data(h, ONE, "5F 00 00 00 00 00 00 00 18 00", list, 24, 0), 0x055504);
    fail_allocation = -1;
    assert_hex(run(h, ONE, "5E 00 00 00 00 00 00 00 FF 00"), "00 00 00 00 00 00 00 00");
    harness_free(h);
}

static void exclusive_access_allocates_nothing(void **state)
{
    struct vcdr_drive_config config = {.disc = NULL};
    struct vcdr_time now = {0, 0};
    struct vcdr_command command = {.nexus = 1};
    struct vcdr_target target;
    uint8_t list[80] = {[8] = 0x39, 0x46, 1, [16] = 'A'};

    (void)state;
    assert_int_equal(vcdr_drive_new(&config, now, &target), VCDR_OK);
    assert_int_equal(target.ops->nexus_open(target.ctx, 1, "iqn", NULL, "a", now), VCDR_OK);
    target.ops->execute(target.ctx, &command, now); /* takes the attention */
    allocations = 0;
    memcpy(command.cdb, "\x55\x10\0\0\0\0\0\0\x50", 9);
    command.out = list;
    command.out_len = sizeof(list);
    for (int i = 0; i < 3; i++) {
        list[10] = 1;
        target.ops->execute(target.ctx, &command, now);
        assert_int_equal(command.status, 0);
        target.ops->execute(target.ctx, &command, now);
        assert_int_equal(command.status, 0x18);
        list[10] = 2;
        target.ops->execute(target.ctx, &command, now);
        assert_int_equal(command.status, 0);
    }
    target.ops->reset(target.ctx, 1, now);
    target.ops->nexus_close(target.ctx, 1, now);
    assert_int_equal(allocations, 0);
    target.ops->power_off(target.ctx, now);
}

/* A WRITE whose storage cannot be had, at each allocation in turn: refused with a sense of its own,
 * and the same WRITE succeeds afterwards at the same address. */
static void a_write_that_runs_out_of_memory_can_be_repeated(void **state)
{
    static const uint8_t blocks[64 * 2048];
    const char *write = "2A 00 00 00 00 00 00 00 40 00";
    bool done = false;

    (void)state;
    for (int n = 0; n < 50 && !done; n++) {
        struct harness *h = harness_ready("80min");
        struct reply *r;

        fail_allocation = n;
        r = run_data(h, ONE, write, blocks, sizeof(blocks), 0);
        done = fail_allocation >= 0; /* it had all the memory that it wanted */
        fail_allocation = -1;
        if (r->status != 0) {
            assert_int_equal(r->status, 0x02);
            assert_int_not_equal(r->sense >> 16, 0x05); /* not the initiator's fault */
            assert_good(run(h, ONE, "5A 00 05 00 00 00 00 00 FF 00"));
        }
        harness_free(h);
    }
    assert_true(done);
}

/* What is to be told later and cannot be remembered is told at once. */
/* What is to be told later and cannot be remembered is told at once: at each allocation in turn. */
static void without_memory_a_long_command_is_told_early_and_still_takes_its_time(void **state)
{
    static const uint8_t blocks[2048];
    unsigned early = 0;
    bool done = false;

    (void)state;
    for (int n = 0; n < 50 && !done; n++) {
        struct harness *h = harness_timed(blank_disc("80min"));
        struct reply *r;

        assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 01 00", blocks, sizeof(blocks), 0));
        fail_allocation = n;
        r = run(h, ONE, "35 02 00 00 00 00 00 00 00 00");
        done = fail_allocation >= 0;
        fail_allocation = -1;
        if (r->status == 0) {
            early += count_events(h, "track-closed");
            assert_sense(run(h, ONE, TUR), 0x020408);
            pass_time(h, 10000000);
            assert_good(run(h, ONE, TUR));
            assert_int_equal(count_events(h, "track-closed"), 1);
            assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
        }
        harness_free(h);
    }
    assert_true(done);
    assert_true(early > 0);
}

static void a_disc_that_cannot_be_named_is_not_inserted(void **state)
{
    struct harness *h = harness_ready(NULL);
    struct vcdr_disc *disc = blank_disc("80min");

    (void)state;
    fail_allocation = 0;
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "name"), VCDR_ENOMEM);
    fail_allocation = -1;
    assert_sense(run(h, ONE, TUR), 0x023A01);
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "name"), VCDR_OK);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_without_memory_is_refused_and_nothing_is_registered),
        cmocka_unit_test(a_drive_that_cannot_be_made_leaves_the_disc_to_its_caller),
        cmocka_unit_test(a_cue_sheet_without_memory_is_refused_and_the_one_before_stays),
        cmocka_unit_test(a_raw_write_without_memory_can_be_repeated),
        cmocka_unit_test(a_nexus_that_cannot_be_opened_is_not_there),
        cmocka_unit_test(exclusive_access_allocates_nothing),
        cmocka_unit_test(without_memory_a_long_command_is_told_early_and_still_takes_its_time),
        cmocka_unit_test(a_disc_that_cannot_be_named_is_not_inserted),
        cmocka_unit_test(a_write_that_runs_out_of_memory_can_be_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The buffer of a drive in real time: full, draining, empty in mid-track (docs/timing.md). */
#include "burn.h"

#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CAPACITY "5C 00 00 00 00 00 00 00 0C 00"
#define CAPACITY_BLOCKS "5C 01 00 00 00 00 00 00 0C 00"
#define TUR "00 00 00 00 00 00"

enum {
    SECOND = 1000000,
    START_OF_TRACK = SECOND, /* from the first WRITE until the pickup writes */
    BUFFER = 2 * 1024 * 1024,
    X48 = 8467, /* kB/s */
    AT_ONCE = 32,
};

/* Page 05h for data, track-at-once, with or without BUFE. */
static void select_page(struct harness *h, bool bufe)
{
    uint8_t list[60] = {0};

    list[8] = 0x05;
    list[9] = 0x32;
    list[10] = bufe ? 0x41 : 0x01;
    list[11] = 0xC4; /* next session allowed; data */
    list[12] = 8;
    list[23] = 150;
    list[58] = 0x08;
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0));
    clear_attention(h, TWO);
}

static struct harness *ready(bool bufe)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    select_page(h, bufe);
    return h;
}

static uint32_t free_bytes(struct harness *h)
{
    struct reply *r = run(h, TWO, CAPACITY);

    assert_good(r);
    assert_hex_at(r, 0, "00 0A 00 00 00 20 00 00");
    return be32_at(r->data + 8);
}

/* WRITEs of 32 blocks until one is not taken; its address is returned. */
static int32_t fill(struct harness *h)
{
    int32_t lba = 0;

    while (write_once(h, lba, AT_ONCE, 2048)->status == SAM_GOOD)
        lba += AT_ONCE;
    assert_int_equal(h->reply.sense, SENSE_NOT_READY_LONG_WRITE);
    return lba;
}

static void a_full_buffer_takes_no_block(void **state)
{
    struct harness *h = ready(true);
    int32_t lba = fill(h);

    (void)state;
    assert_int_equal(lba, BUFFER / 2048);
    assert_int_equal(next_address(h), lba);
    assert_int_equal(free_bytes(h), 0);
    assert_sense(write_once(h, lba, 1, 2048), SENSE_NOT_READY_LONG_WRITE);
    assert_good(run(h, ONE, TUR)); /* busy is only who would write */
    pass_time(h, START_OF_TRACK);
    assert_good(write_once(h, lba, AT_ONCE, 2048)); /* the same again */
    assert_int_equal(next_address(h), lba + AT_ONCE);
    harness_free(h);
}

static void the_buffer_drains_at_the_selected_speed(void **state)
{
    struct harness *h = ready(true);
    uint32_t before;

    (void)state;
    (void)fill(h);
    pass_time(h, START_OF_TRACK);
    before = free_bytes(h);
    pass_time(h, SECOND / 10 - 1000); /* free_bytes comes 1000 us later */
    /* 360 blocks a tenth of a second at 48x */
    assert_in_range(free_bytes(h) - before, 359 * 2048, 361 * 2048);
    assert_good(run(h, TWO, "BB 00 FF FF 00 B0 00 00 00 00 00 00")); /* 1x from here on */
    before = free_bytes(h);
    pass_time(h, SECOND - 1000);
    assert_in_range(free_bytes(h) - before, 74 * 2048, 76 * 2048);
    harness_free(h);
}

static void capacity_is_told_in_blocks_as_well(void **state)
{
    struct harness *h = ready(true);

    (void)state;
    assert_good(write_once(h, 0, AT_ONCE, 2048));
    /* Block 1: no total; 1024 - 32 blocks */
    assert_hex(run(h, TWO, CAPACITY_BLOCKS), "00 0A 00 01 00 00 00 00 00 00 03 E0");
    harness_free(h);
}

static void what_is_flushed_drains_as_well(void **state)
{
    struct harness *h = ready(true);
    uint64_t takes;

    (void)state;
    (void)fill(h);
    takes = run(h, ONE, SYNC)->delay_us;
    assert_in_range(takes, SECOND + 1024 * 277ul, 3 * SECOND); /* 1024 blocks and the track's end */
    assert_int_equal(free_bytes(h), BUFFER);
    pass_time(h, takes);
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void a_command_larger_than_the_buffer_fits_into_an_empty_one(void **state)
{
    struct harness *h = ready(true);

    (void)state;
    assert_good(write_once(h, 0, 1100, 2048));
    assert_int_equal(free_bytes(h), 0);
    assert_sense(write_once(h, 1100, 1, 2048), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, 5 * SECOND);
    assert_int_equal(free_bytes(h), BUFFER);
    assert_good(write_once(h, 1100, 1, 2048));
    harness_free(h);
}

static void a_refused_command_fills_nothing(void **state)
{
    struct harness *h = ready(true);

    (void)state;
    assert_sense(write_once(h, 100, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_int_equal(free_bytes(h), BUFFER);
    harness_free(h);
}

/* ---- under-run ---- */

static void an_empty_buffer_spoils_the_track(void **state)
{
    struct harness *h = ready(false);

    (void)state;
    write_good(h, 0, 320, 2048);
    pass_time(h, 10 * SECOND); /* the host comes too late */
    assert_sense(write_once(h, 320, 1, 2048), SENSE_LOSS_OF_STREAMING);
    assert_sense(write_once(h, 320, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_int_equal(count_events(h, "track-closed"), 1); /* what there is of it is a track */
    assert_int_equal(json_integer_value(json_object_get(last_event(h, "track-closed"), "blocks")),
                     320);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_int_equal(next_address(h), 320 + 152);
    harness_free(h);
}

static void the_loss_happens_when_the_buffer_is_empty(void **state)
{
    struct harness *h = ready(false);
    const struct vcdr_target *t = &h->target;
    uint64_t deadline;

    (void)state;
    write_good(h, 0, 360, 2048); /* 0.1 s, from one second after the first WRITE on */
    deadline = t->ops->next_deadline(t->ctx);
    assert_in_range(deadline, h->now.us + SECOND, h->now.us + SECOND + SECOND / 10 + 10);
    pass_time(h, deadline - h->now.us - 1);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "writing");
    pass_time(h, 1);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "closing-track");
    assert_sense(run(h, TWO, TUR), SENSE_NOT_READY_LONG_WRITE); /* the drive ends the track */
    pass_time(h, 5 * SECOND);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void a_late_synchronize_cache_is_told_of_the_loss(void **state)
{
    struct harness *h = ready(false);

    (void)state;
    write_good(h, 0, 320, 2048);
    pass_time(h, 10 * SECOND);
    assert_sense(run(h, ONE, SYNC), SENSE_LOSS_OF_STREAMING);
    assert_good(run(h, ONE, SYNC)); /* once */
    harness_free(h);
}

static void bufe_saves_the_track(void **state)
{
    struct harness *h = ready(true);
    const struct vcdr_target *t = &h->target;

    (void)state;
    write_good(h, 0, 320, 2048);
    assert_true(t->ops->next_deadline(t->ctx) == VCDR_NO_DEADLINE);
    pass_time(h, 3600ull * SECOND);
    assert_good(write_once(h, 320, 1, 2048));
    assert_int_equal(next_address(h), 321);
    assert_int_equal(count_events(h, "track-closed"), 0);
    harness_free(h);
}

static void bufe_that_is_taken_away_saves_no_longer(void **state)
{
    struct harness *h = ready(true);
    uint64_t told;

    (void)state;
    write_good(h, 0, 320, 2048);
    pass_time(h, 10 * SECOND);
    select_page(h, false);
    pass_time(h, 10 * SECOND);
    assert_sense(write_once(h, 320, 1, 2048), SENSE_LOSS_OF_STREAMING);
    told = (uint64_t)json_integer_value(json_object_get(last_event(h, "track-closed"), "time_us"));
    assert_true(told > 10ull * SECOND); /* not before the host asked for it */
    harness_free(h);
}

static void without_time_no_buffer_runs_empty(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    select_page(h, false);
    write_good(h, 0, 2048, 2048); /* more than it holds, faster than any speed */
    assert_true(h->target.ops->next_deadline(h->target.ctx) == VCDR_NO_DEADLINE);
    pass_time(h, 3600ull * SECOND);
    assert_good(write_once(h, 2048, 1, 2048));
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(h->reply.delay_us, 0);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_buffer_takes_no_block),
        cmocka_unit_test(the_buffer_drains_at_the_selected_speed),
        cmocka_unit_test(capacity_is_told_in_blocks_as_well),
        cmocka_unit_test(what_is_flushed_drains_as_well),
        cmocka_unit_test(a_command_larger_than_the_buffer_fits_into_an_empty_one),
        cmocka_unit_test(a_refused_command_fills_nothing),
        cmocka_unit_test(an_empty_buffer_spoils_the_track),
        cmocka_unit_test(the_loss_happens_when_the_buffer_is_empty),
        cmocka_unit_test(a_late_synchronize_cache_is_told_of_the_loss),
        cmocka_unit_test(bufe_saves_the_track),
        cmocka_unit_test(bufe_that_is_taken_away_saves_no_longer),
        cmocka_unit_test(without_time_no_buffer_runs_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* How a lock ends, and who is told (docs/wire-extension.md). */
#include "log_page.h"

#include <stdio.h>
#include <string.h>

#define SENSE_39 "5A 00 39 00 00 00 00 00 FF 00" /* MODE SENSE(10), page 39h, 255 bytes */
#define ZERO8 "00 00 00 00 00 00 00 00"
#define ONES8 "FF FF FF FF FF FF FF FF"
#define TUR "00 00 00 00 00 00"

/* Track 1: 300 blocks of mode 1, left open. The page's default is TAO, data, 2048 bytes. */
static void write_something(struct harness *h, uint64_t nexus)
{
    static const uint8_t blocks[16 * 2048];

    assert_good(run_data(h, nexus, "2A 00 00 00 00 00 00 00 10 00", blocks, sizeof(blocks), 0));
}

static void an_unlock_tells_the_others_only_what_has_changed(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR));
    /* GESN, media class: no event, medium present */
    assert_hex(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 00 02 00 00");
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, ONE, TUR)); /* the owner knows */
    for (uint64_t id = TWO; id <= THREE; id++) {
        assert_hex(run(h, id, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 02 02 00 00");
        assert_sense(run(h, id, TUR), 0x062800);
        assert_good(run(h, id, TUR));
        assert_hex(run(h, id, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 00 02 00 00");
    }
    harness_free(h);
}

static void flag_bit_1_of_the_unlock_keeps_it_quiet(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    assert_good(unlock(h, ONE, 2));
    assert_good(run(h, TWO, TUR));
    assert_hex(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 00 02 00 00");
    /* and is forgotten then */
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR));
    /* the flag of the lock does not count */
    assert_good(exclusive(h, ONE, 1, 2, "A"));
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, TUR), 0x062800);
    harness_free(h);
}

static void a_change_outside_the_lock_is_not_told_by_it(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    write_something(h, ONE);
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void repeated_changes_give_one_attention(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (int i = 0; i < 3; i++) {
        static const uint8_t blocks[300 * 2048];
        char write[64];

        assert_good(lock(h, ONE, "A"));
        snprintf(write, sizeof(write), "2A 00 00 00 %02X %02X 00 01 2C 00", i * 452 >> 8,
                 i * 452 & 0xFF); /* 300 blocks, 2 run-out, 150 pre-gap each */
        assert_good(run_data(h, ONE, write, blocks, sizeof(blocks), 0));
        assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
        assert_good(unlock(h, ONE, 0));
    }
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void the_owner_is_lost_with_its_nexus_a_hundred_times(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        uint64_t id = 1000 + i;

        nexus_open(h, id, "iqn.2026-01.example:mortal");
        clear_attention(h, id);
        assert_good(lock(h, id, "Mortal"));
        assert_conflict(run(h, TWO, TUR));
        nexus_close(h, id);
        assert_good(run(h, TWO, TUR)); /* nothing was written: no attention */
        assert_int_equal(log_counter(h, 5), i + 1);
        assert_int_equal(count_events(h, "exclusive-lost"), i + 1);
        assert_string_equal(member(last_event(h, "exclusive-lost"), "cause"), "nexus-lost");
        assert_string_equal(member(last_event(h, "exclusive-lost"), "owner"), "Mortal");
        assert_hex_at(run(h, TWO, SENSE_39), 8, "39 46 00 00 00 00 00 00");
    }
    harness_free(h);
}

static void the_owner_is_lost_by_a_reset_a_hundred_times(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        assert_good(lock(h, ONE, "Reset"));
        assert_conflict(run(h, TWO, TUR));
        reset(h, TWO);
        for (uint64_t id = ONE; id <= THREE; id++) {
            assert_sense(run(h, id, TUR), 0x062900);
            assert_good(run(h, id, TUR));
        }
        assert_int_equal(log_counter(h, 5), i + 1);
        assert_string_equal(member(last_event(h, "exclusive-lost"), "cause"), "reset");
        assert_sense(unlock(h, ONE, 0), 0x052C00);
    }
    harness_free(h);
}

static void a_lost_owner_who_wrote_is_told_as_29_before_28_after_a_reset(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    reset(h, 0);
    assert_sense(run(h, TWO, TUR), 0x062900);
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_good(run(h, TWO, TUR));
    assert_sense(run(h, ONE, TUR), 0x062900); /* the owner of then */
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void a_lost_nexus_who_wrote_is_told_to_the_others(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    nexus_close(h, ONE);
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_good(run(h, TWO, TUR));
    /* the track that was open still is: READ DISC INFORMATION, session 1 incomplete, appendable */
    assert_hex_at(run(h, TWO, "51 00 00 00 00 00 00 00 22 00"), 0, "00 20 05");
    harness_free(h);
}

static void a_stranger_lost_does_not_free_the_drive(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    nexus_close(h, TWO);
    nexus_close(h, 999); /* unknown: ignored */
    assert_conflict(run(h, THREE, TUR));
    assert_int_equal(log_counter(h, 5), 0);
    harness_free(h);
}

static void ejecting_keeps_the_lock_and_a_prevent_from_before_stays(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, "1E 00 00 00 01 00"));
    assert_good(lock(h, ONE, "A"));
    assert_sense(run(h, ONE, "1B 00 00 00 02 00"), 0x055302); /* eject: prevented by TWO */
    assert_good(run(h, TWO, "1E 00 00 00 00 00"));
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_conflict(run(h, TWO, TUR));
    assert_good(run(h, ONE, "1B 00 00 00 03 00"));
    assert_conflict(run(h, TWO, TUR));
    assert_sense(run(h, ONE, TUR), 0x062800); /* a medium came in: its owner is told at once */
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, TUR), 0x062800); /* the others once, whatever told them */
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void an_unlock_without_a_medium_tells_of_its_removal(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_good(unlock(h, ONE, 0));
    /* media class: removal; tray open, no medium */
    assert_hex(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 03 01 00 00");
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_sense(run(h, TWO, TUR), 0x023A02);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unlock_tells_the_others_only_what_has_changed),
        cmocka_unit_test(flag_bit_1_of_the_unlock_keeps_it_quiet),
        cmocka_unit_test(a_change_outside_the_lock_is_not_told_by_it),
        cmocka_unit_test(repeated_changes_give_one_attention),
        cmocka_unit_test(the_owner_is_lost_with_its_nexus_a_hundred_times),
        cmocka_unit_test(the_owner_is_lost_by_a_reset_a_hundred_times),
        cmocka_unit_test(a_lost_owner_who_wrote_is_told_as_29_before_28_after_a_reset),
        cmocka_unit_test(a_lost_nexus_who_wrote_is_told_to_the_others),
        cmocka_unit_test(a_stranger_lost_does_not_free_the_drive),
        cmocka_unit_test(ejecting_keeps_the_lock_and_a_prevent_from_before_stays),
        cmocka_unit_test(an_unlock_without_a_medium_tells_of_its_removal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

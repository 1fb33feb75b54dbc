/* SPDX-License-Identifier: MIT */
/* The gate: its order, unit attentions, sense data. Conflicts have a test of their own. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"

static void sense_data_is_fixed_format_18_bytes(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t invalid_opcode[18] = {0x70, 0, 0x05, 0, 0, 0, 0, 0x0A, 0, 0, 0, 0, 0x20};

    (void)state;
    assert_sense(run(h, ONE, "FF 00 00 00 00 00"), 0x052000);
    assert_memory_equal(h->reply.sense_data, invalid_opcode, 18);
    harness_free(h);
}

static void a_failing_address_stands_in_the_information_field(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t blocks[300 * 2048];

    (void)state;
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 01 2C 00", blocks, sizeof(blocks), 0));
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    /* READ(10) of blocks 298 to 301: 300 and 301 are the run-out */
    run(h, ONE, "28 00 00 00 01 2A 00 00 04 00");
    assert_int_equal(h->reply.status, 0x02);
    assert_int_equal(h->reply.sense_data[0], 0xF0); /* VALID */
    assert_memory_equal(h->reply.sense_data + 3, "\x00\x00\x01\x2C", 4);
    harness_free(h);
}

static void power_on_is_told_once_to_each_nexus(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    for (uint64_t id = ONE; id <= THREE; id++) {
        assert_sense(run(h, id, TUR), 0x062900);
        assert_good(run(h, id, TUR));
    }
    nexus_open(h, 4, "iqn.2026-01.example:four");
    assert_sense(run(h, 4, "51 00 00 00 00 00 00 00 22 00"), 0x062900);
    assert_good(run(h, 4, "51 00 00 00 00 00 00 00 22 00"));
    harness_free(h);
}

static void five_commands_execute_despite_an_attention_and_four_leave_it(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_good(run(h, ONE, "12 00 00 00 24 00"));
    assert_good(run(h, ONE, "A0 00 00 00 00 00 00 00 00 10 00 00"));
    assert_good(run(h, ONE, "46 00 00 00 00 00 00 00 08 00"));
    assert_good(run(h, ONE, "4A 01 00 00 10 00 00 00 08 00"));
    assert_hex_at(run(h, ONE, "03 00 00 00 12 00"), 0, "70 00 06"); /* this one takes it */
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void an_unknown_opcode_takes_no_attention(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_sense(run(h, ONE, "FF 00 00 00 00 00"), 0x052000);
    assert_sense(run(h, ONE, TUR), 0x062900);
    harness_free(h);
}

static void an_attention_comes_before_fields_medium_and_effect(void **state)
{
    struct harness *h = harness_new(NULL);

    (void)state;
    assert_sense(run(h, ONE, "00 00 00 00 00 04"), 0x062900); /* NACA, no medium */
    assert_sense(run(h, ONE, "00 00 00 00 00 04"), 0x052400);
    assert_sense(run(h, ONE, "00 00 00 00 00 01"), 0x052400); /* LINK */
    assert_sense(run(h, ONE, TUR), 0x023A01);
    assert_sense(run(h, TWO, "1B 00 00 00 02 00"), 0x062900); /* eject */
    assert_sense(run(h, ONE, TUR), 0x023A01);                 /* did not happen */
    harness_free(h);
}

static void attentions_come_29_first_and_repeats_coalesce(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_good(run(h, ONE, "1B 00 00 00 02 00"));
        assert_good(run(h, ONE, "1B 00 00 00 03 00")); /* 28/00 for everybody */
        clear_attention(h, ONE);
        /* page 0Dh: another multiplier each time: 2A/01 for the others */
        char list[96];

        snprintf(list, sizeof(list), "00 00 00 00 00 00 00 00 0D 06 00 %02X 00 3C 00 4B", i + 1);
        assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 10 00", list));
    }
    reset(h, ONE);
    reset(h, ONE);
    assert_sense(run(h, TWO, TUR), 0x062900);
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_sense(run(h, TWO, TUR), 0x062A01);
    assert_good(run(h, TWO, TUR));
    assert_sense(run(h, ONE, TUR), 0x062900);
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void commands_that_need_a_medium_say_which_way_it_is_missing(void **state)
{
    static const char *const cdbs[] = {
        TUR,
        "25 00 00 00 00 00 00 00 00 00",
        "28 00 00 00 00 00 00 00 01 00",
        "2A 00 00 00 00 00 00 00 01 00",
        "2B 00 00 00 00 00 00 00 00 00",
        "35 00 00 00 00 00 00 00 00 00",
        "43 00 00 00 00 00 00 00 0C 00",
        "51 00 00 00 00 00 00 00 22 00",
        "52 01 00 00 00 01 00 00 24 00",
        "53 00 00 00 00 00 00 01 2C 00",
        "54 01 00 00 00 00 00 00 00 00",
        "5B 00 02 00 00 00 00 00 00 00",
        "A8 00 00 00 00 00 00 00 00 01 00 00",
        "AA 00 00 00 00 00 00 00 00 01 00 00",
        "B9 00 00 00 02 00 00 02 01 10 00 00",
        "BE 00 00 00 00 00 00 00 01 10 00 00",
    };
    struct harness *empty = harness_ready(NULL), *open = harness_ready("80min");

    (void)state;
    assert_good(run(open, ONE, "1B 00 00 00 02 00"));
    for (size_t i = 0; i < sizeof(cdbs) / sizeof(cdbs[0]); i++) {
        assert_sense(run(empty, ONE, cdbs[i]), 0x023A01);
        assert_sense(run(open, ONE, cdbs[i]), 0x023A02);
    }
    harness_free(empty);
    harness_free(open);
}

static void commands_that_need_none_work_without_a_medium(void **state)
{
    static const char *const cdbs[] = {
        "12 00 00 00 24 00",
        "5A 00 3F 00 00 00 00 10 00 00",
        "1A 00 05 00 FF 00",
        "1E 00 00 00 01 00",
        "46 00 00 00 00 00 00 10 00 00",
        "4A 01 00 00 10 00 00 00 08 00",
        "4D 00 79 00 00 00 00 10 00 00",
        "5C 00 00 00 00 00 00 00 0C 00",
        "AC 00 00 00 00 00 00 00 00 00 03 00",
        "BB 00 FF FF FF FF 00 00 00 00 00 00",
        "BD 00 00 00 00 00 00 00 00 08 00 00",
        "16 00 00 00 00 00",
        "17 00 00 00 00 00",
    };
    struct harness *h = harness_ready(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cdbs) / sizeof(cdbs[0]); i++)
        assert_good(run(h, ONE, cdbs[i]));
    harness_free(h);
}

static void reserving_a_track_waits_for_the_end_of_another(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t block[2048];

    (void)state;
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 01 00", block, sizeof(block), 0));
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 2C 00"), 0x052C00);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 01 2C 00"));
    harness_free(h);
}

static void data_of_a_direction_that_a_command_has_not_is_ignored(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run_out(h, ONE, TUR, "01 02 03 04"));
    assert_int_equal(h->reply.len, 0);
    assert_good(run_out(h, ONE, "12 00 00 00 05 00", "01 02 03 04"));
    assert_int_equal(h->reply.len, 5);
    harness_free(h);
}

static void a_nexus_that_was_never_announced_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");
    size_t lines = json_array_size(h->events);

    (void)state;
    assert_sense(run(h, 77, TUR), 0x044400);
    assert_int_equal(json_array_size(h->events), lines);
    harness_free(h);
}

static void announcing_a_nexus_twice_keeps_its_state(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    nexus_open(h, ONE, "iqn.2026-01.example:one");
    assert_good(run(h, ONE, TUR));
    assert_conflict(run(h, TWO, TUR));
    harness_free(h);
}

static void prevent_is_lost_with_its_nexus_and_by_reset(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "1E 00 00 00 01 00"));
    assert_sense(run(h, TWO, "1B 00 00 00 02 00"), 0x055302);
    nexus_close(h, ONE);
    assert_good(run(h, TWO, "1B 00 00 00 02 00"));
    assert_good(run(h, TWO, "1B 00 00 00 03 00"));
    clear_attention(h, TWO);
    clear_attention(h, THREE);
    assert_good(run(h, THREE, "1E 00 00 00 01 00"));
    reset(h, TWO);
    clear_attention(h, TWO);
    assert_good(run(h, TWO, "1B 00 00 00 02 00"));
    harness_free(h);
}

static void the_drive_never_wants_to_be_woken(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_true(h->target.ops->next_deadline(h->target.ctx) == VCDR_NO_DEADLINE);
    h->target.ops->advance(h->target.ctx, h->now);
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sense_data_is_fixed_format_18_bytes),
        cmocka_unit_test(a_failing_address_stands_in_the_information_field),
        cmocka_unit_test(power_on_is_told_once_to_each_nexus),
        cmocka_unit_test(five_commands_execute_despite_an_attention_and_four_leave_it),
        cmocka_unit_test(an_unknown_opcode_takes_no_attention),
        cmocka_unit_test(an_attention_comes_before_fields_medium_and_effect),
        cmocka_unit_test(attentions_come_29_first_and_repeats_coalesce),
        cmocka_unit_test(commands_that_need_a_medium_say_which_way_it_is_missing),
        cmocka_unit_test(commands_that_need_none_work_without_a_medium),
        cmocka_unit_test(reserving_a_track_waits_for_the_end_of_another),
        cmocka_unit_test(data_of_a_direction_that_a_command_has_not_is_ignored),
        cmocka_unit_test(a_nexus_that_was_never_announced_is_refused),
        cmocka_unit_test(announcing_a_nexus_twice_keeps_its_state),
        cmocka_unit_test(prevent_is_lost_with_its_nexus_and_by_reset),
        cmocka_unit_test(the_drive_never_wants_to_be_woken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Test Write: a burn's answers without a burn, and every way in which it ends. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RESERVE_300 "53 00 00 00 00 00 00 01 2C 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define RTI_INCOMPLETE "52 01 00 00 00 FF 00 00 24 00"
#define EJECT "1B 00 00 00 02 00"
#define LOAD "1B 00 00 00 03 00"
#define GESN_OPERATIONAL "4A 01 00 00 02 00 00 00 08 00"

/* Page 05h: track-at-once, BUFE, data of block type 8, Test Write or not, multi-session. */
static struct reply *select_test(struct harness *h, bool test, unsigned multi)
{
    uint8_t list[8 + 52] = {0};

    list[8] = 0x05;
    list[9] = 0x32;
    list[10] = test ? 0x51 : 0x41;
    list[11] = (uint8_t)(multi << 6 | 4);
    list[12] = 8;
    list[23] = 150;
    list[58] = 0x08;
    return run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0);
}

static void assert_blank(struct harness *h)
{
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01");
    assert_int_equal(next_address(h), 0);
    assert_sense(run(h, ONE, "28 00 00 00 00 00 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
}

static void a_rehearsal_answers_as_a_burn_and_leaves_the_disc_blank(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    assert_int_equal(next_address(h), 320); /* it advances */
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(next_address(h), 320 + 152);
    /* session open, disc incomplete; tracks 1 to 2 */
    assert_hex_at(run(h, ONE, RDI), 2, "05 01 01 01 02");
    assert_good(select_test(h, false, 0));
    assert_blank(h);
    harness_free(h);
}

/* The next program looks before it says anything: libburn takes no disc that seems closed. */
static void a_closed_session_ends_a_rehearsal(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_blank(h);
    write_good(h, 0, 320, 2048); /* the bit is set: another rehearsal */
    assert_good(run(h, ONE, SYNC));
    assert_good(select_test(h, false, 0));
    assert_blank(h);
    harness_free(h);
}

static void nothing_of_a_rehearsal_can_be_read(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 310);
    assert_good(select_test(h, true, 0));
    write_good(h, 462, 320, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, "28 00 00 00 01 35 00 00 01 00"));                          /* 309 */
    assert_sense(run(h, ONE, "28 00 00 00 01 CE 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE); /* 462 */
    harness_free(h);
}

static void a_reservation_is_rehearsed_too(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    assert_good(run(h, ONE, RESERVE_300));
    assert_hex_at(run(h, ONE, RDI), 2, "05 01 01 01 02");
    assert_good(select_test(h, false, 0));
    assert_blank(h);
    harness_free(h);
}

/* As a burner that was killed leaves it: the state goes on for the next one. */
static void a_rehearsal_goes_on_while_the_bit_is_set(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 20, 2048);
    assert_good(select_test(h, true, 3)); /* another field */
    assert_int_equal(next_address(h), 20);
    nexus_close(h, ONE);
    nexus_open(h, ONE, "iqn.2026-01.example:one");
    clear_attention(h, ONE);
    assert_int_equal(next_address(h), 20);
    harness_free(h);
}

/* ---- the ends ---- */

/* A rehearsing burner was killed in the midst of a track; the next one writes otherwise. */
static void another_way_to_write_ends_a_rehearsal(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t list[8 + 52] = {[8] = 0x05, [9] = 0x32, [10] = 0x42, [11] = 4, [12] = 8, [58] = 8};

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 20, 2048);
    list[10] = 0x52; /* session-at-once, still Test Write: not under way */
    assert_sense(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0),
                 SENSE_COMMAND_SEQUENCE_ERROR);
    list[10] = 0x42;
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0));
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01");
    harness_free(h);
}

static void the_tray_ends_a_rehearsal(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    assert_sense(run(h, ONE, EJECT), SENSE_COMMAND_SEQUENCE_ERROR); /* as with a true open track */
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, LOAD));
    clear_attention(h, ONE);
    assert_blank(h);
    harness_free(h);
}

static void a_reset_ends_a_rehearsal_and_clears_the_bit(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    reset(h, TWO);
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, "5A 00 05 00 00 00 00 00 FF 00"), 10, "41");
    assert_blank(h);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    harness_free(h);
}

static void power_off_keeps_nothing_of_a_rehearsal(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    harness_power_off(h); /* the disc of memory goes with it: valgrind and the sanitizers look */
    assert_true(json_is_true(json_object_get(last_event(h, "power-off"), "clean")));
    harness_free(h);
}

static void a_true_open_track_is_left_as_it_was(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, false, 0));
    write_good(h, 0, 20, 2048);
    assert_good(select_test(h, true, 0));
    write_good(h, 20, 30, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_good(select_test(h, false, 0));
    assert_int_equal(next_address(h), 20);
    write_good(h, 20, 300, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, "52 01 00 00 00 01 00 00 24 00"), 24, "00 00 01 42"); /* 320 + 2 */
    harness_free(h);
}

/* ---- who is told ---- */

static void the_record_says_that_it_is_a_rehearsal(void **state)
{
    static const char *const events[] = {"track-opened", "track-closed", "session-closed",
                                         "write-state"};
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    assert_good(run(h, ONE, CLOSE_SESSION));
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        assert_true(json_is_true(json_object_get(last_event(h, events[i]), "test")));
    burn_data(h, 320); /* sets the bit back */
    assert_null(json_object_get(last_event(h, "track-opened"), "test"));
    assert_null(json_object_get(last_event(h, "track-closed"), "test"));
    assert_null(json_object_get(last_event(h, "write-state"), "test"));
    harness_free(h);
}

static void the_write_state_ends_with_the_rehearsal(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 20, 2048);
    assert_good(select_test(h, false, 0));
    assert_string_equal(member(last_event(h, "write-state"), "from"), "writing");
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_true(json_is_true(json_object_get(last_event(h, "write-state"), "test")));
    harness_free(h);
}

static void a_rehearsal_counts_no_blocks_as_written(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    /* parameter 0001h of page 39h: behind header 4, parameter 0000h of 12 */
    assert_hex_at(run(h, ONE, "4D 00 79 00 00 00 00 02 00 00"), 16,
                  "00 01 03 08 00 00 00 00 00 00 00 00");
    harness_free(h);
}

/* sr would refuse a mounted disc for it, and nothing has changed. */
static void an_unlock_after_a_rehearsal_tells_nobody_of_a_new_medium(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "Rehearser"));
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, "00 00 00 00 00 00"), SENSE_MODE_PARAMETERS_CHANGED);
    assert_good(run(h, TWO, "00 00 00 00 00 00"));
    harness_free(h);
}

static void features_change_back_and_hosts_hear_of_it(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    write_good(h, 0, 320, 2048);
    assert_hex(run(h, ONE, GESN_OPERATIONAL), "00 06 01 16 02 00 00 01");
    assert_hex(run(h, ONE, GESN_OPERATIONAL), "00 06 01 16 00 00 00 00");
    /* current while the disc looks as if there were something to read */
    assert_hex_at(run(h, ONE, "46 02 00 10 00 00 00 0A 00 00"), 10, "01");
    assert_good(select_test(h, false, 0));
    assert_hex(run(h, ONE, GESN_OPERATIONAL), "00 06 01 16 02 00 00 01");
    assert_hex_at(run(h, ONE, "46 02 00 10 00 00 00 0A 00 00"), 10, "00");
    harness_free(h);
}

static void a_refused_command_in_test_write_leaves_all_as_it_was(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_test(h, true, 0));
    assert_sense(write_once(h, 5, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(run(h, ONE, "53 00 00 00 00 7F FF FF FF 00"), SENSE_END_OF_USER_AREA);
    assert_blank(h);
    assert_int_equal(count_events(h, "write-state"), 0);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rehearsal_answers_as_a_burn_and_leaves_the_disc_blank),
        cmocka_unit_test(a_closed_session_ends_a_rehearsal),
        cmocka_unit_test(nothing_of_a_rehearsal_can_be_read),
        cmocka_unit_test(a_reservation_is_rehearsed_too),
        cmocka_unit_test(a_rehearsal_goes_on_while_the_bit_is_set),
        cmocka_unit_test(another_way_to_write_ends_a_rehearsal),
        cmocka_unit_test(the_tray_ends_a_rehearsal),
        cmocka_unit_test(a_reset_ends_a_rehearsal_and_clears_the_bit),
        cmocka_unit_test(power_off_keeps_nothing_of_a_rehearsal),
        cmocka_unit_test(a_true_open_track_is_left_as_it_was),
        cmocka_unit_test(the_record_says_that_it_is_a_rehearsal),
        cmocka_unit_test(the_write_state_ends_with_the_rehearsal),
        cmocka_unit_test(a_rehearsal_counts_no_blocks_as_written),
        cmocka_unit_test(an_unlock_after_a_rehearsal_tells_nobody_of_a_new_medium),
        cmocka_unit_test(features_change_back_and_hosts_hear_of_it),
        cmocka_unit_test(a_refused_command_in_test_write_leaves_all_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

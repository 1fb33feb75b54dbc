/* SPDX-License-Identifier: MIT */
/* Whom a persistent reservation keeps out of which command, what it is beside RESERVE and the page
 * lock (docs/wire-extension.md), and its lines in the record. */
#include "persist.h"

#include <stdio.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"
#define START "1B 00 00 00 01 00"
#define RESERVE_6 "16 00 00 00 00 00"
#define RESERVE_10 "56 00 00 00 00 00 00 00 00 00"
#define RELEASE_6 "17 00 00 00 00 00"
#define RELEASE_10 "57 00 00 00 00 00 00 00 00 00"

/* Allowed to a stranger under any type, and under the write exclusive ones alone. */
static const uint8_t under_any[] = {0x00, 0x03, 0x12, 0x17, 0x25, 0x46, 0x4A,
                                    0x4D, 0x57, 0x5E, 0x5F, 0xA0, 0xBD};
static const uint8_t under_we[] = {0x1A, 0x23, 0x28, 0x2B, 0x42, 0x43, 0x51, 0x52,
                                   0x5A, 0x5C, 0xA3, 0xA8, 0xAC, 0xB9, 0xBE};
/* With a zero CDB: PREVENT ALLOW with prevent 0. */
static const uint8_t under_any_as_zeros[] = {0x1E};

static bool among(uint8_t opcode, const uint8_t *list, size_t n)
{
    return memchr(list, opcode, n) != NULL;
}

static bool allowed(uint8_t opcode, bool write_exclusive)
{
    return among(opcode, under_any, sizeof(under_any)) ||
           among(opcode, under_any_as_zeros, sizeof(under_any_as_zeros)) ||
           (write_exclusive && among(opcode, under_we, sizeof(under_we)));
}

static bool known(uint8_t opcode)
{
    return vcdr_command_name(opcode) != NULL;
}

/* PERSISTENT RESERVE OUT conflicts for reasons of its own when the key is wrong. */
static bool conflicts(struct harness *h, uint64_t nexus, unsigned opcode)
{
    char cdb[64];

    snprintf(cdb, sizeof(cdb), "%02X 00 00 00 00 00 00 00 00 00 00 00", opcode);
    return run(h, nexus, cdb)->status == 0x18;
}

static void what_strangers_may_do_under_each_type_is_as_documented(void **state)
{
    static const unsigned types[] = {WE, EA, WE_RO, EA_RO, WE_AR, EA_AR};

    (void)state;
    for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        bool we = types[i] == WE || types[i] == WE_RO || types[i] == WE_AR;

        for (unsigned opcode = 0; opcode < 256; opcode++) {
            struct harness *h = harness_ready("80min");

            register_key(h, ONE, 0xA);
            assert_good(prout(h, ONE, RESERVE, types[i], 0xA, 0));
            if (conflicts(h, TWO, opcode) !=
                (known((uint8_t)opcode) && !allowed((uint8_t)opcode, we)))
                fail_msg("type %u, operation code %02Xh", types[i], opcode);
            harness_free(h);
        }
    }
}

static void every_command_is_the_holders_and_of_four_types_every_registrants(void **state)
{
    static const unsigned types[] = {WE, EA, WE_RO, EA_RO, WE_AR, EA_AR};

    (void)state;
    for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        for (unsigned opcode = 0; opcode < 256; opcode++) {
            struct harness *h = harness_ready("80min");
            bool we = types[i] == WE || types[i] == WE_RO || types[i] == WE_AR;
            bool mine = types[i] >= WE_RO;

            register_key(h, ONE, 0xA);
            register_key(h, TWO, 0xB);
            assert_good(prout(h, ONE, RESERVE, types[i], 0xA, 0));
            assert_false(conflicts(h, ONE, opcode));
            clear_attention(h, TWO);
            if (conflicts(h, TWO, opcode) !=
                (!mine && known((uint8_t)opcode) && !allowed((uint8_t)opcode, we)))
                fail_msg("type %u, operation code %02Xh", types[i], opcode);
            harness_free(h);
        }
    }
}

static void under_exclusive_access_two_mode_pages_are_for_everybody(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    assert_good(prout(h, ONE, RESERVE, EA, 0xA, 0));
    assert_good(run(h, TWO, "1A 08 2A 00 80 00"));
    assert_good(run(h, TWO, "5A 00 39 00 00 00 00 00 FF 00"));
    assert_conflict(run(h, TWO, "5A 00 05 00 00 00 00 00 FF 00"));
    assert_conflict(run(h, TWO, "1E 00 00 00 01 00"));
    harness_free(h);
}

static void a_conflict_leaves_a_unit_attention_and_a_missing_medium_for_later(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    register_key(h, ONE, 0xA);
    assert_good(prout(h, ONE, RESERVE, EA, 0xA, 0));
    nexus_open(h, 9, "iqn.late");
    assert_conflict(run(h, 9, "28 00 00 00 00 00 00 00 01 00"));
    assert_sense(run(h, 9, TUR), 0x062900);
    assert_sense(run(h, 9, TUR), 0x023A01);
    harness_free(h);
}

/* ---- beside RESERVE (SPC-2 5.5.1, SPC-3 5.6.3) ---- */

static void where_keys_are_registered_reserve_conflicts_for_everybody(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    assert_conflict(run(h, ONE, RESERVE_6));
    assert_conflict(run(h, TWO, RESERVE_10));
    assert_good(run(h, TWO, RELEASE_6)); /* of nothing */
    assert_good(run(h, THREE, TUR));
    harness_free(h);
}

static void whom_the_reservation_is_for_reserves_and_releases_without_effect(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    register_key(h, TWO, 0xB);
    assert_good(prout(h, ONE, RESERVE, WE_RO, 0xA, 0));
    assert_good(run(h, ONE, RESERVE_6));
    assert_good(run(h, TWO, RESERVE_10));
    assert_conflict(run(h, THREE, RESERVE_10));
    assert_good(run(h, ONE, RELEASE_6));
    assert_good(run(h, TWO, RELEASE_10));
    assert_good(run(h, THREE, TUR)); /* nothing was reserved by it, nothing released */
    assert_conflict(run(h, THREE, START));
    harness_free(h);
}

static void while_reserve_holds_persistent_reservations_conflict_its_holder_too(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RESERVE_6));
    assert_conflict(run(h, ONE, READ_KEYS));
    assert_conflict(prout(h, ONE, REGISTER, 0, 0, 0xA));
    assert_conflict(run(h, TWO, READ_KEYS));
    assert_good(run(h, ONE, RELEASE_6));
    register_key(h, ONE, 0xA);
    harness_free(h);
}

/* ---- beside the page lock ---- */

static void the_page_lock_keeps_registrants_out_as_well(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    register_key(h, TWO, 0xB);
    assert_good(prout(h, ONE, RESERVE, WE_RO, 0xA, 0));
    assert_good(lock(h, TWO, "Burner"));
    assert_conflict(run(h, ONE, TUR));
    assert_conflict(run(h, ONE, READ_KEYS));
    assert_conflict(prout(h, ONE, RELEASE, WE_RO, 0xA, 0));
    assert_good(run(h, TWO, START));
    assert_good(unlock(h, TWO, 0));
    assert_good(prout(h, ONE, RELEASE, WE_RO, 0xA, 0));
    harness_free(h);
}

static void a_reservation_of_another_keeps_the_lock_out(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    assert_good(prout(h, ONE, RESERVE, WE, 0xA, 0));
    assert_conflict(lock(h, TWO, "Burner"));
    assert_good(lock(h, ONE, "Burner"));
    assert_good(unlock(h, ONE, 0));
    harness_free(h);
}

/* ---- the record ---- */

static void assert_line(struct harness *h, const char *event, const char *initiator,
                        const char *key, const char *cause)
{
    json_t *line = last_event(h, event);

    assert_non_null(line);
    assert_string_equal(member(line, "initiator"), initiator);
    assert_string_equal(member(line, "key"), key);
    assert_string_equal(member(line, "cause"), cause);
}

static void the_record_tells_registrations_and_reservations(void **state)
{
    struct harness *h = harness_ready("80min");
    static const char one[] = "iqn.2026-01.example:one";

    (void)state;
    register_key(h, ONE, 0xA);
    assert_line(h, "persistent-registered", one, "000000000000000a", "");
    register_key(h, TWO, 0xB);
    assert_good(prout(h, ONE, RESERVE, EA_RO, 0xA, 0));
    assert_line(h, "persistent-reserved", one, "000000000000000a", "");
    assert_int_equal(
        json_integer_value(json_object_get(last_event(h, "persistent-reserved"), "type")), 6);
    assert_good(prout(h, TWO, PREEMPT, WE, 0xB, 0xA));
    assert_line(h, "persistent-released", one, "000000000000000a", "preempt");
    assert_line(h, "persistent-unregistered", one, "000000000000000a", "preempt");
    assert_line(h, "persistent-reserved", "iqn.2026-01.example:two", "000000000000000b", "");
    assert_good(prout(h, TWO, REGISTER, 0, 0xB, 0));
    assert_line(h, "persistent-released", "iqn.2026-01.example:two", "000000000000000b",
                "register");
    assert_int_equal(count_events(h, "persistent-registered"), 2);
    assert_int_equal(count_events(h, "persistent-unregistered"), 2);
    harness_free(h);
}

static void the_record_tells_who_was_kept_out(void **state)
{
    struct harness *h = harness_ready("80min");
    json_t *line;

    (void)state;
    register_key(h, ONE, 0xA);
    assert_good(prout(h, ONE, RESERVE, WE, 0xA, 0));
    assert_conflict(run(h, TWO, START));
    line = last_event(h, "persistent-denied");
    assert_non_null(line);
    assert_int_equal(json_integer_value(json_object_get(line, "opcode")), 0x1B);
    assert_int_equal(json_integer_value(json_object_get(line, "type")), 1);
    assert_string_equal(member(json_object_get(line, "nexus"), "initiator"),
                        "iqn.2026-01.example:two");
    assert_int_equal(count_events(h, "exclusive-denied"), 0);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_strangers_may_do_under_each_type_is_as_documented),
        cmocka_unit_test(every_command_is_the_holders_and_of_four_types_every_registrants),
        cmocka_unit_test(under_exclusive_access_two_mode_pages_are_for_everybody),
        cmocka_unit_test(a_conflict_leaves_a_unit_attention_and_a_missing_medium_for_later),
        cmocka_unit_test(where_keys_are_registered_reserve_conflicts_for_everybody),
        cmocka_unit_test(whom_the_reservation_is_for_reserves_and_releases_without_effect),
        cmocka_unit_test(while_reserve_holds_persistent_reservations_conflict_its_holder_too),
        cmocka_unit_test(the_page_lock_keeps_registrants_out_as_well),
        cmocka_unit_test(a_reservation_of_another_keeps_the_lock_out),
        cmocka_unit_test(the_record_tells_registrations_and_reservations),
        cmocka_unit_test(the_record_tells_who_was_kept_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
